import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { nodePrimitives } from "../../test-support/nodePrimitives.ts";
import { hashArchive } from "./hashArchive.ts";

const bytes = Uint8Array.from({ length: 600_000 }, (_, at) => at * 31);
const archive = new Blob([bytes]);
const sha256 = createHash("sha256").update(bytes).digest("hex");

test.each([
  ["Web Crypto", {}],
  ["Node", nodePrimitives],
])("default: is what OpenSSL says, with %s", async (_, primitives) => {
  expect(await hashArchive(archive, { primitives })).toBe(sha256);
});

test("parameters: onProgress: ends with all bytes", async () => {
  const seen: number[] = [];
  await hashArchive(archive, { onProgress: ({ doneBytes }) => seen.push(doneBytes) });
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(archive.size);
});

test("parameters: signal: rejects with its reason", async () => {
  const reason = new Error("enough");
  await expect(hashArchive(archive, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
