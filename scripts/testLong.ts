// `npm run test:long`: what takes longer than a second, and every property with all its runs; `npm test` plays an eighth of them.
import { spawnSync } from "node:child_process";

const args = ["run", "--project", "unit", "--project", "long", "--testTimeout", "120000", ...process.argv.slice(2)];
const { status } = spawnSync("vitest", args, {
  stdio: "inherit",
  env: { ...process.env, ALL_RUNS: "true" },
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
