import type { FileHandle } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { copyToFile } from "./copyToFile.ts";

/** A file in memory, whose first write of several chunks takes at most so many bytes. */
function fileOf(mostBytes = Infinity) {
  const written: Uint8Array[] = [];
  const calls: string[] = [];
  let left = mostBytes;
  const take = (bytes: Uint8Array) => {
    written.push(bytes.slice());
    return bytes.length;
  };
  const file = {
    async writev(chunks: readonly Uint8Array[]) {
      calls.push("writev");
      let bytesWritten = 0;
      for (const chunk of chunks) {
        const part = chunk.subarray(0, left - bytesWritten);
        bytesWritten += take(part);
      }
      left = Infinity;
      return { bytesWritten, buffers: chunks };
    },
    async write(chunk: Uint8Array, offset: number) {
      calls.push("write");
      return { bytesWritten: take(chunk.subarray(offset, offset + 40_000)), buffer: chunk };
    },
  };
  return { file: file as unknown as FileHandle, calls, bytes: () => Buffer.concat(written) };
}

const chunks = Array.from({ length: 10 }, (_, index) => new Uint8Array(65_536).fill(index + 1));
const whole = Buffer.concat(chunks);
const streamOf = (parts: readonly Uint8Array[]) => ReadableStream.from<Uint8Array>(parts);

describe("copyToFile", () => {
  it("default: small chunks are written together, a quarter of a megabyte at a time", async () => {
    const { file, calls, bytes } = fileOf();
    const seen: number[] = [];
    await copyToFile(streamOf(chunks), file, { onProgress: (done) => seen.push(done) });
    expect(bytes().equals(whole)).toBe(true);
    expect(calls).toEqual(["writev", "writev", "writev"]);
    expect(seen).toEqual([262_144, 524_288, 655_360]);
  });

  it.each([0, 1, 65_536, 100_000, 262_143])("behavior: what the system leaves of a write after %i bytes follows", async (mostBytes) => {
    const { file, bytes } = fileOf(mostBytes);
    await copyToFile(streamOf(chunks), file);
    expect(bytes().equals(whole)).toBe(true);
  });

  it("behavior: an empty stream writes nothing, and a cancelled one stops", async () => {
    const { file, calls } = fileOf();
    await copyToFile(streamOf([]), file);
    await expect(copyToFile(streamOf(chunks), file, { signal: AbortSignal.abort(new Error("cancelled")) })).rejects.toThrow("cancelled");
    expect(calls).toEqual([]);
  });
});
