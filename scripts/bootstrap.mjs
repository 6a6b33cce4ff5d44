// Runs a command on the workspace's own Node, after `npm ci` when the installed tree does not match the lock file.
// Plain JavaScript without dependencies: it is the first thing that runs after `git clone`.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, "node_modules", ".bootstrap-stamp");
const stamp = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

/** A later `npm install` drops the binary that the package `node` fetched: then the tree is not whole either. */
function isInstalled() {
  return existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp && existsSync(join(root, "node_modules", "node", "bin"));
}

function install() {
  process.stderr.write("Installing the exact versions of package-lock.json (npm ci) …\n");
  rmSync(stampFile, { force: true });
  const { status } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) {
    process.stderr.write("npm ci failed: see above. Nothing was changed but node_modules.\n");
    process.exit(status ?? 1);
  }
  writeFileSync(stampFile, stamp);
}

if (!isInstalled()) install();

const [command, ...args] = process.argv.slice(2);
if (command) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", PATH: join(root, "node_modules", ".bin") + delimiter + process.env.PATH },
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${command}: ${error.message}\n`);
    process.exit(127);
  });
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
