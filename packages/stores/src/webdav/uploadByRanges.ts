import { BackupError, type TransferOptions } from "@xmtp-backup/core";
import type { DavFolder } from "./davFolder.ts";

/** What a server answers that does not write parts of a file. */
const noRanges = [400, 403, 405, 410, 411, 415, 416, 501];
const failure = "The archive could not be uploaded.";

/**
 * Uploads a file chunk by chunk where the server writes parts of files (`Content-Range`, as Apache does), and as one request where it does not.
 *
 * A server that takes a part for the whole leaves a file that is too short: it is then sent as a whole.
 */
export async function uploadByRanges(folder: DavFolder, name: string, archive: Blob, chunkBytes: number, { signal, onProgress }: TransferOptions): Promise<void> {
  const { transport, urlOf } = folder;

  async function writePart(start: number): Promise<boolean> {
    const chunk = archive.slice(start, start + chunkBytes);
    const headers = { "Content-Range": `bytes ${start}-${start + chunk.size - 1}/${archive.size}` };
    return transport.exchange({ method: "PUT", url: urlOf(name), body: chunk, headers, signal, failure, expects: noRanges }, async ({ response }) => response.ok);
  }

  /** Says whether the server could; after a broken connection it asks how far it came. */
  async function writeParts(): Promise<boolean> {
    let [doneBytes, isBroken, isProved] = [Math.min(chunkBytes, archive.size), false, false];
    await folder.write(name, archive.slice(0, doneBytes), { signal }, failure);
    onProgress?.(doneBytes);
    return transport.retrying(async () => {
      if (isBroken) doneBytes = Math.min((await folder.sizeOf(name, { signal }, failure)) ?? 0, archive.size);
      isBroken = true;
      while (doneBytes < archive.size) {
        const start = doneBytes;
        if (!(await writePart(start))) return false;
        doneBytes = Math.min(start + chunkBytes, archive.size);
        if (!isProved && (await folder.sizeOf(name, { signal }, failure)) !== doneBytes) return false;
        isProved = true;
        onProgress?.(doneBytes);
      }
      return true;
    }, { signal }, () => doneBytes);
  }

  if (archive.size <= chunkBytes || !(await writeParts())) await folder.write(name, archive, { signal }, failure);
  const storedBytes = await folder.sizeOf(name, { signal }, failure);
  if (storedBytes !== archive.size) throw new BackupError("STORE_FAILED", failure, { details: "The server kept another number of bytes than it was given." });
  onProgress?.(archive.size);
}

