import { sha256 } from "@noble/hashes/sha2.js";
import type { ArchivePrimitives, IncrementalHash } from "../crypto/archivePrimitives.ts";
import { ArchiveError } from "../model/archiveError.ts";
import { throwIfAborted } from "../util/pace.ts";
import { release } from "../util/release.ts";
import type { ArchiveWorkOptions } from "./archiveReadOptions.ts";

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
  const digest = readWhole(blob).then(async (bytes) => {
    const hash = await subtle.digest("SHA-256", bytes);
    release(new Uint8Array(bytes));
    return new Uint8Array(hash);
  });
  // Awaited only when all else went well.
  digest.catch(() => {});
  return { update: () => {}, digest: () => digest };
};

/** What a failing disk, a file that changed or one that is gone does: it says nothing of the archive. */
const unreadable = (byteOffset: number, cause?: unknown): ArchiveError =>
  new ArchiveError("ARCHIVE_UNREADABLE", "the archive's bytes could not be read whole", { byteOffset, cause });

const readWhole = async (blob: Blob): Promise<ArrayBuffer> => {
  const bytes = await blob.arrayBuffer().catch((cause: unknown) => {
    throw unreadable(0, cause);
  });
  if (bytes.byteLength !== blob.size) throw unreadable(bytes.byteLength);
  return bytes;
};

/** A blob in memory would give all of itself as one chunk, so that it is streamed by parts of this size. */
const PART_BYTES = 4_194_304;
/** Engines stream megabytes at a time; hashing so much at once would hold the event loop. */
const CHUNK_BYTES = 262_144;

/**
 * Reads a blob from its start, chunk by chunk; each chunk is valid until the next one is asked for.
 *
 * @throws ARCHIVE_UNREADABLE when it can't be read, or gives less than its size.
 */
export async function* readChunks(
  blob: Blob,
  { signal, onProgress }: Pick<ArchiveWorkOptions, "signal" | "onProgress">,
  hash?: BlobHash,
): AsyncGenerator<Uint8Array, void, void> {
  throwIfAborted(signal);
  const totalBytes = blob.size;
  let doneBytes = 0;
  // A file that was cut meanwhile gives less than the blob's size; the next part is then empty.
  for (let partBytes = 1; doneBytes < totalBytes && partBytes > 0; ) {
    partBytes = 0;
    const part: ReadableStream<Uint8Array> = blob.slice(doneBytes, doneBytes + PART_BYTES).stream();
    const reader = part.getReader();
    try {
      for (let next = reader.read(); ; ) {
        const { value, done } = await next.catch((cause: unknown) => {
          throwIfAborted(signal);
          throw unreadable(doneBytes, cause);
        });
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
  if (doneBytes < totalBytes) throw unreadable(doneBytes);
}
