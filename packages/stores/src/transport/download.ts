import { BackupError, type TransferOptions } from "@xmtp-backup/core";
import { chunksOf } from "./readBounded.ts";
import { TransientFailure } from "./transientFailure.ts";
import type { Reading, Transport } from "./transport.ts";

const pieceBytes = 4 * 1024 * 1024;

/**
 * Fetches a file piece by piece into a `Blob`; after a broken connection it goes on from the byte that it had, by a range.
 *
 * @throws ARCHIVE_NOT_FOUND when the server has no such file
 * @throws STORE_FAILED when the server sends more than it announced, or announces no length
 */
export async function download(transport: Transport, url: string, { signal, onProgress }: TransferOptions, failure: string): Promise<Blob> {
  let pieces: Blob[] = [];
  let doneBytes = 0;
  let tag: string | undefined;

  const fetchRest = async () => {
    // A weak tag is never equal in a condition: what is sent from there on is compared below.
    const headers: Record<string, string> = doneBytes > 0 ? { Range: `bytes=${doneBytes}-`, ...(tag?.startsWith('"') && { "If-Range": tag }) } : {};
    await transport.exchange({ method: "GET", url, headers, signal, failure, expects: [404] }, async (reading) => {
      const { response } = reading;
      if (response.status === 404) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      const newTag = response.headers.get("etag") ?? undefined;
      const isOther = doneBytes > 0 && tag !== undefined && newTag !== undefined && opaque(newTag) !== opaque(tag);
      if (response.status !== 206 || isOther) [pieces, doneBytes] = [[], 0];
      tag = newTag;
      if (response.status === 206 && isOther) throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details: "The file was replaced meanwhile." }));
      await keep(reading, totalOf(response, doneBytes));
    });
  };

  async function keep({ response, heard }: Reading, totalBytes: number): Promise<void> {
    let chunks: Uint8Array<ArrayBuffer>[] = [];
    let held = 0;
    const flush = () => {
      pieces.push(new Blob(chunks));
      doneBytes += held;
      [chunks, held] = [[], 0];
    };
    try {
      for await (const chunk of chunksOf(response)) {
        heard();
        if (doneBytes + held + chunk.length > totalBytes) throw new BackupError("STORE_FAILED", failure, { details: "The server sent more than it announced." });
        chunks.push(chunk);
        held += chunk.length;
        onProgress?.(doneBytes + held);
        if (held >= pieceBytes) flush();
      }
    } finally {
      flush();
    }
    if (doneBytes < totalBytes) throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details: "The server sent less than it announced." }));
  }

  let furthest = 0;
  await transport.retrying(fetchRest, { signal }, () => (furthest = Math.max(furthest, doneBytes)));
  return new Blob(pieces);
}

/** A tag grows strong with time, and is the same. */
function opaque(tag: string): string {
  return tag.replace(/^W\//, "");
}

/** The size of the whole file, as the answer to a request from `fromByte` on announces it. */
function totalOf({ status, headers }: Response, fromByte: number): number {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  const length = headers.get("content-length");
  if (status === 206 ? Number(first) === fromByte : length !== null) return Number(status === 206 ? total : length);
  throw new BackupError("STORE_FAILED", "The server's answer was refused.", { details: "It does not tell the length of what it sends." });
}
