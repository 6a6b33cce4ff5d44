import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@xmtp-backup/source"] },
  ssr: { resolve: { conditions: ["@xmtp-backup/source"], externalConditions: ["@xmtp-backup/source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts", "test/**/*.test.ts"],
    // A send of the real SDK can lose a race with one of its own syncs (SyncFailedToWait); the report names what was retried.
    retry: process.env["CI"] === "true" ? 1 : 0,
    // Most of what runs long waits for a network or a browser: one worker for each core would idle with it.
    maxWorkers: Math.max(3, availableParallelism()),
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
