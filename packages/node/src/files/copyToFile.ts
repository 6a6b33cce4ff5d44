import type { FileHandle } from "node:fs/promises";
import type { TransferOptions } from "@xmtp-backup/core";

/** Writes a stream into an open file chunk by chunk; nothing but the chunk at hand is in memory. */
export async function copyToFile(
  bytes: ReadableStream<Uint8Array>,
  file: FileHandle,
  { signal, onProgress }: TransferOptions = {},
): Promise<void> {
  let doneBytes = 0;
  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    for (let offset = 0; offset < chunk.length; ) {
      offset += (await file.write(chunk, offset)).bytesWritten;
    }
    doneBytes += chunk.length;
    onProgress?.(doneBytes);
  }
}
