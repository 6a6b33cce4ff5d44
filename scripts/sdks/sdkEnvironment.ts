import { ownSdk, sdkVariables } from "./sdkVariables.ts";
import type { TestedSdk } from "./testedSdks.ts";

const hook = new URL("./useSdks.ts", import.meta.url).href;

/** The environment in which a process, and all that it starts, gets that version of the SDK. */
export function sdkEnvironment({ name, folder }: TestedSdk): NodeJS.ProcessEnv {
  if (folder.href === ownSdk(name).href) return { ...process.env };
  return { ...process.env, [sdkVariables[name]]: folder.href, NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import=${hook}` };
}
