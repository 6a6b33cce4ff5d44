import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { TransferOptions } from "../ports/callOptions.ts";

/** The SHA-256 of a blob in hex, read as a stream. */
export async function hashBlob(blob: Blob, { signal, onProgress }: TransferOptions = {}): Promise<string> {
  const hash = sha256.create();
  let doneBytes = 0;
  const reader = blob.stream().getReader();
  for (;;) {
    signal?.throwIfAborted();
    const { done, value } = await reader.read();
    if (done) return bytesToHex(hash.digest());
    hash.update(value);
    doneBytes += value.length;
    onProgress?.(doneBytes);
  }
}
