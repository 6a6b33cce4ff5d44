import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ownSdk, type SdkName } from "./sdkVariables.ts";

/** A version of an SDK that the suites run on. */
export type TestedSdk = {
  name: SdkName;
  version: string;
  /** Its folder, as an address that ends with "/". */
  folder: URL;
  /** A package that brings it. */
  broughtBy?: string;
  /** Its native binding loads on a new C library only. */
  needsNewerLibc: boolean;
  /** Reasons for which tests are skipped on it, since it lacks what they are about. */
  lacks: readonly string[];
};

const modules = new URL("../../node_modules/", import.meta.url);
const agentSdk = new URL("@xmtp/agent-sdk/", modules);
const agentsNodeSdk = new URL(
  "../",
  pathToFileURL(createRequire(fileURLToPath(new URL("package.json", agentSdk))).resolve("@xmtp/node-sdk")),
);

/** Every version that is tested; the ones of node-sdk come first. */
export const testedSdks: readonly TestedSdk[] = [
  {
    ...sdkIn(agentsNodeSdk, "@xmtp/node-sdk"),
    broughtBy: `@xmtp/agent-sdk ${versionIn(agentSdk)}`,
    needsNewerLibc: true,
    lacks: ["this version of the SDK can't close a client"],
  },
  { ...sdkIn(ownSdk("@xmtp/node-sdk"), "@xmtp/node-sdk"), needsNewerLibc: false, lacks: [] },
  { ...sdkIn(new URL("browser-sdk-7.0.0/", modules), "@xmtp/browser-sdk"), needsNewerLibc: false, lacks: [] },
  { ...sdkIn(ownSdk("@xmtp/browser-sdk"), "@xmtp/browser-sdk"), needsNewerLibc: false, lacks: [] },
];

function sdkIn(folder: URL, name: SdkName): Pick<TestedSdk, "name" | "version" | "folder"> {
  return { name, version: versionIn(folder), folder };
}

function versionIn(folder: URL): string {
  return (JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { version: string }).version;
}
