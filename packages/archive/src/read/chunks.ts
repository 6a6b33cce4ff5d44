import { sha256 } from "@noble/hashes/sha2.js";
import type { ArchivePrimitives, IncrementalHash } from "../crypto/primitives.ts";
import { throwIfAborted } from "../pace.ts";
import { release } from "../release.ts";
import type { ArchiveWorkOptions } from "./options.ts";

/** A file up to this size is hashed by Web Crypto, which is many times faster and works beside, but takes it whole. */
const WHOLE_BYTES = 33_554_432;

/** A hash of a blob that is fed with its chunks, or goes its own way. */
export type BlobHash = Pick<IncrementalHash, "update"> & { digest(): Uint8Array | Promise<Uint8Array> };

export const startHash = (blob: Blob, primitives: ArchivePrimitives | undefined): BlobHash => {
  // Absent in insecure contexts, whatever its type says.
  const subtle = globalThis.crypto?.subtle as typeof crypto.subtle | undefined;
  if (primitives?.sha256 !== undefined || subtle === undefined || blob.size > WHOLE_BYTES) {
    return primitives?.sha256?.() ?? sha256.create();
  }
  const digest = blob.arrayBuffer().then(async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes)));
  // Awaited only when all else went well.
  digest.catch(() => {});
  return { update: () => {}, digest: () => digest };
};

/** A blob in memory would give all of itself as one chunk, so that it is streamed by parts of this size. */
const PART_BYTES = 4_194_304;
/** Engines stream megabytes at a time; hashing so much at once would hold the event loop. */
const CHUNK_BYTES = 262_144;

/** Reads a blob from its start, chunk by chunk; each chunk is valid until the next one is asked for. */
export async function* readChunks(
  blob: Blob,
  { signal, onProgress }: Pick<ArchiveWorkOptions, "signal" | "onProgress">,
  hash?: BlobHash,
): AsyncGenerator<Uint8Array, void, void> {
  throwIfAborted(signal);
  const totalBytes = blob.size;
  // A file that was cut meanwhile gives less than the blob's size; the next part is then empty.
  for (let doneBytes = 0, partBytes = 1; doneBytes < totalBytes && partBytes > 0; ) {
    partBytes = 0;
    const part: ReadableStream<Uint8Array> = blob.slice(doneBytes, doneBytes + PART_BYTES).stream();
    const reader = part.getReader();
    try {
      for (let next = reader.read(); ; ) {
        const { value, done } = await next;
        throwIfAborted(signal);
        if (done) break;
        // Read while this one is worked on; whoever leaves early does not meet its failure.
        next = reader.read();
        next.catch(() => {});
        for (let at = 0; at < value.length; at += CHUNK_BYTES) {
          const chunk = value.subarray(at, at + CHUNK_BYTES);
          hash?.update(chunk);
          yield chunk;
          doneBytes += chunk.length;
          onProgress?.({ doneBytes, totalBytes });
        }
        partBytes += value.length;
        release(value);
      }
    } finally {
      // The file is let go, whether it was read to its end or not.
      reader.cancel().catch(() => {});
    }
  }
}
