// `npm run demo`: the story in the terminal; `-- --sdk 6.0.0` plays it on that version of the SDK.
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { nodeFor } from "./sdks/nodeFor.ts";
import { sdkEnvironment } from "./sdks/sdkEnvironment.ts";
import { testedSdk } from "./sdks/sdkVariables.ts";
import { type TestedSdk, testedSdks } from "./sdks/testedSdks.ts";

const { values } = parseArgs({ options: { json: { type: "boolean" }, sdk: { type: "string" } } });
const sdk = sdkOf(values.sdk);
const { path, reason } = nodeFor(sdk);
if (path === undefined) end(`The demo can't run here on version ${sdk.version} of the SDK: ${reason}`);

const args = ["--conditions=@xmtp-backup/source", "examples/demo/src/main.ts", ...(values.json ? ["--json"] : [])];
const child = spawn(path, args, { stdio: "inherit", env: sdkEnvironment(sdk) });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));

/** The version that is asked for, or else the one that the workspace has. */
function sdkOf(version: string | undefined): TestedSdk {
  const known = testedSdks.filter(({ name }) => name === "@xmtp/node-sdk");
  const found = known.find((each) =>
    version === undefined ? each.folder.href === testedSdk("@xmtp/node-sdk").href : each.version === version,
  );
  return found ?? end(`There is no version ${version} of the SDK here: take ${known.map((each) => each.version).join(" or ")}.`);
}

function end(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
