import type { FileHandle } from "node:fs/promises";
import type { TransferOptions } from "@xmtp-backup/core";

/** So much is written at a time: each write takes as long as the copy of some ten kilobytes, and streams bring 64 kB at a time. */
const writeBytes = 262_144;

/** Writes a stream into an open file part by part; nothing but the part at hand is in memory. */
export async function copyToFile(
  bytes: ReadableStream<Uint8Array>,
  file: FileHandle,
  { signal, onProgress }: TransferOptions = {},
): Promise<void> {
  let doneBytes = 0;
  let part: Uint8Array[] = [];
  let partBytes = 0;

  async function writePart(): Promise<void> {
    if (partBytes === 0) return;
    await writeWhole(file, part);
    doneBytes += partBytes;
    [part, partBytes] = [[], 0];
    onProgress?.(doneBytes);
  }

  for await (const chunk of bytes) {
    signal?.throwIfAborted();
    part.push(chunk);
    partBytes += chunk.length;
    if (partBytes >= writeBytes) await writePart();
  }
  await writePart();
}

/** The system may write less than it is given. */
async function writeWhole(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let { bytesWritten } = await file.writev(chunks);
  for (const chunk of chunks) {
    for (let offset = Math.min(bytesWritten, chunk.length); offset < chunk.length; ) {
      offset += (await file.write(chunk, offset)).bytesWritten;
    }
    bytesWritten = Math.max(0, bytesWritten - chunk.length);
  }
}
