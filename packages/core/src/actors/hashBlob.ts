import type { ArchivePrimitives } from "@xmtp-backup/archive";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { TransferOptions } from "../ports/callOptions.ts";

/** The SHA-256 of a blob in hex, read as a stream. */
export async function hashBlob(
  blob: Blob,
  { signal, onProgress, primitives }: TransferOptions & { primitives?: ArchivePrimitives | undefined } = {},
): Promise<string> {
  const hash = primitives?.sha256?.() ?? sha256.create();
  let doneBytes = 0;
  for await (const chunk of streamChunks(blob.stream())) {
    signal?.throwIfAborted();
    hash.update(chunk);
    doneBytes += chunk.length;
    onProgress?.(doneBytes);
  }
  return bytesToHex(hash.digest());
}

/** The chunks of a stream; not every engine iterates streams by itself. */
async function* streamChunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
