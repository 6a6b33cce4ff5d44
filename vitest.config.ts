import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@xmtp-backup/source"] },
  ssr: { resolve: { conditions: ["@xmtp-backup/source"], externalConditions: ["@xmtp-backup/source"] } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "examples/*/test/**/*.test.ts", "test/**/*.test.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
