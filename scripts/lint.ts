// `npm run lint`: ESLint over everything, in parts. Types of all packages at once would not fit into one process's memory.
// Beside it run the lint of prose (`scripts/prose`) and the check of the format (`npm run format` mends it).
import { spawn } from "node:child_process";

/** Each lane is a process after the other; the lanes run side by side. */
const lanes = [[["packages"]], [["examples"], ["bench", "scripts", "test", "*.ts", "*.js", ".*.ts"]]];

function run(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: "inherit", shell: process.platform === "win32" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === 0));
  });
}

async function lintLane(parts: readonly (readonly string[])[]): Promise<boolean> {
  let ok = true;
  for (const part of parts) ok = (await run("eslint", part)) && ok;
  return ok;
}

const results = await Promise.all([...lanes.map(lintLane), run("node", ["scripts/prose/main.ts"]), run("biome", ["format", "."])]);
process.exitCode = results.every(Boolean) ? 0 : 1;
