// Runs a script on a Node that loads `@xmtp/node-sdk` 6.0.0: `node scripts/runOnNewerLibc.ts [options of Node] script.ts [arguments]`.
import { spawn } from "node:child_process";
import { nodeOnNewerLibc } from "./nodeOnNewerLibc.ts";

const { path, reason } = nodeOnNewerLibc();
if (path === undefined) {
  process.stderr.write(`This can't run here: ${reason}\n`);
  process.exit(1);
}
const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
