import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const maxBytes = 1_500;

test.for(["react", "vue"])("default: %s is small", async (name) => {
  const { outputFiles } = await build({
    entryPoints: [`packages/${name}/src/index.ts`],
    absWorkingDir: fileURLToPath(new URL("../..", import.meta.url)),
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2023",
    external: ["react", "vue", "@xmtp-backup/core"],
  });
  const sizeBytes = gzipSync(outputFiles[0]?.contents ?? "").length;
  expect(sizeBytes).toBeGreaterThan(500);
  expect(sizeBytes).toBeLessThanOrEqual(maxBytes);
});
