import type { TransferOptions } from "@xmtp-backup/core";
import type { FileSink } from "./fileSink.ts";

/** How many bytes are written at once, at least: a write takes about a millisecond, however few they are. */
const pieceBytes = 1_000_000;

/** Writes a stream of bytes to a file, which stays open. */
export async function copyToFile(
  bytes: ReadableStream<Uint8Array>,
  file: FileSink,
  { signal, onProgress }: TransferOptions = {},
): Promise<void> {
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  let doneBytes = 0;

  async function writePiece(): Promise<void> {
    await file.write(new Blob(parts));
    doneBytes += heldBytes;
    [parts, heldBytes] = [[], 0];
    onProgress?.(doneBytes);
  }

  const pieces = new WritableStream<Uint8Array>({
    async write(chunk) {
      parts.push(chunk as Uint8Array<ArrayBuffer>);
      heldBytes += chunk.length;
      if (heldBytes >= pieceBytes) await writePiece();
    },
    close: writePiece,
  });
  await bytes.pipeTo(pieces, signal && { signal });
  signal?.throwIfAborted();
}
