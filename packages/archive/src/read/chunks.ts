import { sha256 } from "@noble/hashes/sha2.js";
import type { ArchivePrimitives, IncrementalHash } from "../crypto/primitives.ts";
import { throwIfAborted } from "../pace.ts";
import type { ArchiveWorkOptions } from "./options.ts";

/** How much of a blob is in memory at a time; the next part is read meanwhile. */
const CHUNK_BYTES = 524_288;

export const startHash = (primitives: ArchivePrimitives | undefined): IncrementalHash =>
  primitives?.sha256?.() ?? sha256.create();

/** Reads a blob from its start, part by part. */
export async function* readChunks(
  blob: Blob,
  { signal, onProgress }: Pick<ArchiveWorkOptions, "signal" | "onProgress">,
  hash?: IncrementalHash,
): AsyncGenerator<Uint8Array, void, void> {
  const totalBytes = blob.size;
  const read = (from: number) => {
    const part = blob.slice(from, from + CHUNK_BYTES).arrayBuffer();
    // Awaited below; a failure must not count as unhandled when the reader stops before.
    part.catch(() => {});
    return part;
  };
  throwIfAborted(signal);
  let next = read(0);
  for (let doneBytes = 0; doneBytes < totalBytes; ) {
    const chunk = new Uint8Array(await next);
    throwIfAborted(signal);
    if (doneBytes + CHUNK_BYTES < totalBytes) next = read(doneBytes + CHUNK_BYTES);
    hash?.update(chunk);
    yield chunk;
    doneBytes = Math.min(doneBytes + CHUNK_BYTES, totalBytes);
    onProgress?.({ doneBytes, totalBytes });
  }
}
