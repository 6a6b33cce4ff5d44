import { BackupError, isBackupError, type TransferOptions } from "@xmtp-backup/core";
import { piecewiseSha256 } from "../piecewiseSha256.ts";
import { download } from "../transport/download.ts";
import type { DavFolder } from "./davFolder.ts";
import type { DavMoves } from "./davMoves.ts";

const failure = "The archive could not be uploaded.";
/** Nextcloud refuses a smaller chunk, except for the last. */
const leastChunkBytes = 5 * 1024 * 1024;
const prefix = "xmtp-backup-";

/** Where Nextcloud takes uploads in chunks for a folder of its files; undefined for any other server. */
export function nextcloudUploads(folder: URL): URL | undefined {
  const [, before, user] = /^(.*\/remote\.php\/dav\/)files\/([^/]+)\//.exec(folder.pathname) ?? [];
  return before === undefined ? undefined : new URL(`${before}uploads/${user}/`, folder);
}

/** Removes the chunks of an archive's uploads that were never put together. */
export async function removeUploads(
  folder: DavFolder,
  uploads: URL,
  id: string,
  { signal }: TransferOptions,
  failed: string,
): Promise<void> {
  for (const { name } of (await folder.listAt(uploads.href, { signal }, failed)) ?? []) {
    if (!name.startsWith(`${prefix}${id}-`)) continue;
    await folder.transport.send(
      { method: "DELETE", url: new URL(encodeURIComponent(name), uploads).href, signal, failure: failed, expects: [404] },
      async () => {},
    );
  }
}

/** The folder and its ways, and where the server takes chunks. */
export type NextcloudTarget = { folder: DavFolder; moves: DavMoves; uploads: URL };

/**
 * Uploads a file in chunks that Nextcloud puts together in the end: a broken connection costs one of them. Chunks that an earlier attempt with the
 * same bytes has sent are not sent again, also after a restart. Nextcloud may put them together for longer than a proxy before it waits: then the file
 * is looked for until it is there.
 *
 * Source: Nextcloud's developer manual, "Chunked file upload", version 2.
 */
export async function uploadToNextcloud(
  { folder, moves, uploads }: NextcloudTarget,
  name: string,
  archive: Blob,
  chunkBytes: number,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const { transport, urlOf } = folder;
  const size = Math.max(chunkBytes, leastChunkBytes, Math.ceil(archive.size / 10_000));
  const fingerprint = await piecewiseSha256(archive, { signal });
  const upload = new URL(`${prefix}${name.slice(0, 36)}-${fingerprint.slice(0, 32)}-${size}/`, uploads).href;
  const headers = { Destination: urlOf(name), "OC-Total-Length": String(archive.size) };

  const isWhole = async () => (await folder.sizeOf(name, { signal }, failure)) === archive.size;

  /** Whether the server has put these very bytes together after whoever sent them was gone. */
  async function isThere(): Promise<boolean> {
    if (!(await isWhole())) return false;
    const lying = await download(transport, urlOf(name), { signal, maxBytes: archive.size }, failure);
    return lying.size === archive.size && (await piecewiseSha256(lying, { signal })) === fingerprint;
  }

  async function sendChunks(sent: ReadonlyMap<string, number>): Promise<void> {
    for (let start = 0, number = 1; start < archive.size; start += size, number++) {
      const body = archive.slice(start, start + size);
      const chunk = String(number).padStart(5, "0");
      if (sent.get(chunk) !== body.size)
        await transport.send({ method: "PUT", url: `${upload}${chunk}`, body, headers, signal, failure }, async () => {});
      onProgress?.(Math.min(start + size, archive.size));
    }
  }

  const sent = await folder.listAt(upload, { signal }, failure);
  if (!sent) {
    if (await isThere()) return onProgress?.(archive.size);
    // What lies there would be taken for what is put together now.
    await folder.remove(name, { signal }, failure);
    await transport.send({ method: "MKCOL", url: upload, headers, signal, failure, expects: [405] }, async () => {});
  }
  let isBeingJoined = false;
  try {
    await sendChunks(new Map(sent?.map((chunk) => [chunk.name, chunk.size])));
    isBeingJoined = true;
    await moves.move({ method: "MOVE", from: `${upload}.file`, to: name, signal, failure, isAssembly: true }, archive.size, isWhole);
    if (!(await isWhole()))
      throw new BackupError("STORE_FAILED", failure, { details: "The server lost what it was given, or kept another number of bytes." });
  } catch (error) {
    // A server that may still be at work is left alone; the next attempt finds the file, or the chunks. Nextcloud itself deletes forgotten ones after a day.
    const isOver = !isBeingJoined || (isBackupError(error) && error.code !== "STORE_UNAVAILABLE");
    if (isOver) void transport.exchange({ method: "DELETE", url: upload, failure }, async () => {}).catch(() => {});
    throw error;
  }
}
