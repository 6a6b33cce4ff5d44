import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const folders = ["packages/*/src", "packages/*/test", "examples/*/test", "test"];
const named = (word: string) => folders.map((folder) => `${folder}/**/*${word}.test.ts`);

/** What a test needs, by the last word of its file's name: `backup.sdk.test.ts` belongs to `sdk`. A file without such a word belongs to `unit`. */
const words = {
  /** A real client of an XMTP SDK in Node. */
  sdk: {},
  /** A page in a real Chromium. */
  browser: {},
  /** A server that listens: an installed one, or one of ours on loopback. */
  servers: {},
  /** More than a second: every place of a file, ten years in every zone, a compiler, other processes. */
  long: {},
};

export default defineConfig({
  resolve: { conditions: ["@xmtp-backup/source"] },
  ssr: { resolve: { conditions: ["@xmtp-backup/source"], externalConditions: ["@xmtp-backup/source"] } },
  test: {
    // A send of the real SDK can lose a race with one of its own syncs (SyncFailedToWait); the report names what was retried.
    retry: process.env["CI"] === "true" ? 1 : 0,
    // Most of what runs long waits for a network or a browser: one worker for each core would idle with it.
    maxWorkers: Math.max(3, availableParallelism()),
    setupFiles: ["test/patience.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      // Files of one worker share what they import, which costs more than their tests do.
      {
        extends: true,
        test: { name: "unit", isolate: false, include: named(""), exclude: Object.keys(words).flatMap((word) => named(`.${word}`)) },
      },
      ...Object.keys(words).map((word) => ({ extends: true as const, test: { name: word, include: named(`.${word}`) } })),
    ],
  },
});
