import { assertArchiveBytes, BackupError, type DownloadOptions } from "@xmtp-backup/core";
import { type Announced, announcedPart, announcedSize, sizeBeyondRange } from "./announced.ts";
import { asStored, versionOf } from "./entityTags.ts";
import { chunksOf } from "./readBounded.ts";
import { blobSink, spoolSink } from "./sinks.ts";
import { TransientFailure } from "./transientFailure.ts";
import type { Reading } from "./reading.ts";
import type { Transport } from "./transport.ts";

/**
 * Fetches a file piece by piece into a `Blob`, in the temporary file that `spool` makes, where it is given. After a broken connection it
 * goes on from the byte that it had, by a range. A server that sends another range, or the whole, is asked for the whole.
 *
 * The size that the server announces is a hint: it may have packed the file on its way. `maxBytes` bounds what is fetched, and a file of
 * just so many bytes is complete. Whether they are the right ones is for the caller to check.
 *
 * @throws ARCHIVE_NOT_FOUND when the server has no such file
 * @throws STORE_MISMATCH when the server announces or sends more than `maxBytes`
 * @throws STORE_FAILED when the server sends more than it announced, and nobody knows how much is right
 */
export async function download(
  transport: Transport,
  url: string,
  { signal, onProgress, spool, maxBytes = Infinity }: DownloadOptions,
  failure: string,
): Promise<Blob> {
  const sink = spool ? spoolSink(spool, failure) : blobSink();
  let doneBytes = 0;
  let tag: string | undefined;
  let knownBytes: number | undefined;
  let takesRanges = true;
  /** Where a body ended of which nobody knows how long it should be. */
  let endedAt: number | undefined;

  const passing = (details: string) => new TransientFailure(new BackupError("STORE_UNAVAILABLE", failure, { details }));

  async function startOver(): Promise<void> {
    [doneBytes, tag, knownBytes] = [0, undefined, undefined];
    await sink.clear(new Error("The file is fetched from its beginning."));
  }

  /** Fetches what is missing; says whether the server had the part that was asked for. */
  async function fetchFrom(fromByte: number): Promise<boolean> {
    // A weak tag is never equal in a condition, and one of a packed copy names no range: what is sent from there on is compared below.
    const isCondition = tag?.startsWith('"') === true && tag === `"${versionOf(tag)}"`;
    const range = { Range: `bytes=${fromByte}-`, ...(isCondition && { "If-Range": tag ?? "" }) };
    const headers: Record<string, string> = fromByte > 0 ? range : { ...asStored };
    return transport.exchange(
      { method: "GET", url, headers, signal, failure, expects: fromByte > 0 ? [404, 416] : [404] },
      async (reading) => {
        const { response } = reading;
        if (response.status === 404) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
        if (response.status === 416) return sizeBeyondRange(response) === fromByte || endedAt === fromByte;
        const newTag = response.headers.get("etag") ?? undefined;
        const part = response.status === 206 ? announcedPart(response) : undefined;
        if (response.status === 206 && part?.first !== fromByte) {
          if (fromByte > 0) return false;
          throw new BackupError("STORE_FAILED", failure, { details: "The server sent a part that nobody asked for." });
        }
        if (part && isOther(newTag, part.totalBytes)) {
          await startOver();
          throw passing("The file was replaced meanwhile.");
        }
        if (!part && fromByte > 0) await startOver();
        tag = newTag;
        await keep(reading, announced(response, part));
        return true;
      },
    );
  }

  function isOther(newTag: string | undefined, totalBytes: number | undefined): boolean {
    if (tag !== undefined && newTag !== undefined) return versionOf(newTag) !== versionOf(tag);
    return knownBytes !== undefined && totalBytes !== undefined && knownBytes !== totalBytes;
  }

  function announced(response: Response, part: { totalBytes: number | undefined } | undefined): Announced {
    const found = part ? { totalBytes: part.totalBytes, isSure: true } : announcedSize(response);
    const isNone =
      response.status === 200 &&
      found.totalBytes === undefined &&
      response.headers.has("content-length") &&
      !response.headers.has("content-encoding");
    if (isNone || (part && doneBytes === 0 && part.totalBytes === undefined))
      throw new BackupError("STORE_FAILED", failure, { details: "It does not tell the length of what it sends." });
    if (found.isSure && found.totalBytes !== undefined) assertArchiveBytes(found.totalBytes, maxBytes);
    if (found.isSure) knownBytes = found.totalBytes;
    return found;
  }

  async function keep({ response, heard }: Reading, { totalBytes = Infinity, isSure }: Announced): Promise<void> {
    for await (const chunk of chunksOf(response)) {
      heard();
      assertArchiveBytes(doneBytes + chunk.length, maxBytes);
      if (doneBytes + chunk.length > totalBytes && isSure && maxBytes === Infinity)
        throw new BackupError("STORE_FAILED", failure, { details: "The server sent more than it announced." });
      await sink.add(chunk);
      doneBytes += chunk.length;
      onProgress?.(doneBytes);
    }
    const isWhole = doneBytes === maxBytes || doneBytes >= totalBytes;
    const isEnd = totalBytes === Infinity && maxBytes === Infinity;
    const endsAgain = (totalBytes === Infinity || !isSure) && endedAt === doneBytes;
    if (isWhole || isEnd || endsAgain) return;
    endedAt = doneBytes;
    throw passing("The server sent less than it announced, or than the archive has.");
  }

  const fetchRest = async () => {
    if (!takesRanges && doneBytes > 0) await startOver();
    if (await fetchFrom(takesRanges ? doneBytes : 0)) return;
    takesRanges = false;
    await startOver();
    await fetchFrom(0);
  };

  let furthest = 0;
  try {
    await transport.retrying(fetchRest, { signal }, () => (furthest = Math.max(furthest, doneBytes)));
    return await sink.finish();
  } catch (error) {
    await sink.clear(error);
    throw error;
  }
}
