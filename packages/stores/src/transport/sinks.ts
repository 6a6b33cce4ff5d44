import { BackupError, type DownloadOptions } from "@xmtp-backup/core";
import { plainCause } from "./plainCause.ts";

/** Where the bytes of a download go. */
export type Sink = {
  add(chunk: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Drops what has come so far. */
  clear(reason: unknown): Promise<void>;
  /** All that was added. */
  finish(): Promise<Blob>;
};

const pieceBytes = 4 * 1024 * 1024;

/** Keeps bytes in a `Blob` of pieces, which the engine holds as it sees fit. */
export function blobSink(): Sink {
  let pieces: Blob[] = [];
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  return {
    async add(chunk) {
      chunks.push(chunk);
      heldBytes += chunk.length;
      if (heldBytes < pieceBytes) return;
      pieces.push(new Blob(chunks));
      [chunks, heldBytes] = [[], 0];
    },
    async clear() {
      [pieces, chunks, heldBytes] = [[], [], 0];
    },
    finish: async () => new Blob([...pieces, ...chunks]),
  };
}

/** Hands bytes on as they come; whoever keeps them sets the pace. */
export function spoolSink(spool: NonNullable<DownloadOptions["spool"]>, failure: string): Sink {
  let open: { writer: WritableStreamDefaultWriter<Uint8Array>; kept: Promise<Blob> } | undefined;

  function begin() {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const kept = spool(readable).catch(async (cause: unknown) => {
      // What was to be read by nobody would hold up the writer for ever.
      await readable.cancel(cause).catch(() => undefined);
      throw new BackupError("STORE_FAILED", failure, {
        details: "The fetched bytes could not be kept in a temporary file.",
        cause: plainCause(cause),
      });
    });
    kept.catch(() => undefined);
    return { writer: writable.getWriter(), kept };
  }

  return {
    async add(chunk) {
      const { writer, kept } = (open ??= begin());
      const written = writer.write(chunk);
      await Promise.race([written.catch(() => kept), kept]);
    },
    async clear(reason) {
      const dropped = open;
      open = undefined;
      await dropped?.writer.abort(reason).catch(() => undefined);
      await dropped?.kept.catch(() => undefined);
    },
    async finish() {
      const { writer, kept } = (open ??= begin());
      await Promise.race([writer.close().catch(() => kept), kept]);
      return kept;
    },
  };
}
