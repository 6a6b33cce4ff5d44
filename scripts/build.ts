// `npm run build`: builds every package into an empty folder. Turbo puts back what it has built before, and would leave beside it what is made no more.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { readPackages } from "./packages/readPackages.ts";

for (const { folder } of readPackages()) rmSync(join(folder, "dist"), { recursive: true, force: true });
const { status } = spawnSync("turbo", ["run", "build", "--output-logs=errors-only"], {
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
