// `npm run promise`: ten thousand runs of the model in which nothing good may get lost; `-- 500` plays as many as that.
import { spawnSync } from "node:child_process";

const { PROMISE_RUNS = process.argv[2] ?? "10000" } = process.env;
const { status } = spawnSync("vitest", ["run", "test/promise.long.test.ts"], {
  stdio: "inherit",
  env: { ...process.env, PROMISE_RUNS },
  shell: process.platform === "win32",
});
process.exitCode = status ?? 1;
