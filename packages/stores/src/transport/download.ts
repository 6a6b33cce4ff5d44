import { assertArchiveBytes, BackupError, type DownloadOptions } from "@xmtp-backup/core";
import { contentLength } from "./contentLength.ts";
import { chunksOf } from "./readBounded.ts";
import { blobSink, spoolSink } from "./sinks.ts";
import { TransientFailure } from "./transientFailure.ts";
import type { Reading, Transport } from "./transport.ts";

/**
 * Fetches a file piece by piece into a `Blob`, in the temporary file that `spool` makes, where it is given; after a broken connection it goes on from the byte that it had, by a range.
 *
 * @throws ARCHIVE_NOT_FOUND when the server has no such file
 * @throws STORE_MISMATCH when the server announces more than `maxBytes`; nothing is fetched then
 * @throws STORE_FAILED when the server sends more than it announced, or announces no length
 */
export async function download(transport: Transport, url: string, { signal, onProgress, spool, maxBytes = Infinity }: DownloadOptions, failure: string): Promise<Blob> {
  const sink = spool ? spoolSink(spool, failure) : blobSink();
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
      if (doneBytes > 0 && (response.status !== 206 || isOther)) {
        doneBytes = 0;
        await sink.clear(new Error("The file is fetched from its beginning."));
      }
      tag = newTag;
      if (response.status === 206 && isOther) throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details: "The file was replaced meanwhile." }));
      const totalBytes = totalOf(response, doneBytes);
      assertArchiveBytes(totalBytes, maxBytes);
      await keep(reading, totalBytes);
    });
  };

  async function keep({ response, heard }: Reading, totalBytes: number): Promise<void> {
    for await (const chunk of chunksOf(response)) {
      heard();
      if (doneBytes + chunk.length > totalBytes) throw new BackupError("STORE_FAILED", failure, { details: "The server sent more than it announced." });
      await sink.add(chunk);
      doneBytes += chunk.length;
      onProgress?.(doneBytes);
    }
    if (doneBytes < totalBytes) throw new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details: "The server sent less than it announced." }));
  }

  let furthest = 0;
  try {
    await transport.retrying(fetchRest, { signal }, () => (furthest = Math.max(furthest, doneBytes)));
    return await sink.finish();
  } catch (error) {
    await sink.clear(error);
    throw error;
  }
}

/** A tag grows strong with time, and is the same. */
function opaque(tag: string): string {
  return tag.replace(/^W\//, "");
}

/** The size of the whole file, as the answer to a request from `fromByte` on announces it. */
function totalOf({ status, headers }: Response, fromByte: number): number {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  const length = contentLength(headers);
  if (status === 206 && Number(first) === fromByte) return Number(total);
  if (status !== 206 && length !== undefined) return length;
  throw new BackupError("STORE_FAILED", "The server's answer was refused.", { details: "It does not tell the length of what it sends." });
}
