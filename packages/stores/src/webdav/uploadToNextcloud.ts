import type { TransferOptions } from "@xmtp-backup/core";
import type { DavFolder } from "./davFolder.ts";

const failure = "The archive could not be uploaded.";
/** Nextcloud takes no less for a chunk that is not the last. */
const leastChunkBytes = 5 * 1024 * 1024;

/** Where Nextcloud takes uploads in chunks for a folder of its files; undefined for any other server. */
export function nextcloudUploads(folder: URL): URL | undefined {
  const [, before, user] = /^(.*\/remote\.php\/dav\/)files\/([^/]+)\//.exec(folder.pathname) ?? [];
  return before === undefined ? undefined : new URL(`${before}uploads/${user}/`, folder);
}

/**
 * Uploads a file in chunks that Nextcloud puts together in the end: a broken connection costs one of them.
 * Source: Nextcloud's developer manual, "Chunked file upload", version 2.
 */
export async function uploadToNextcloud(folder: DavFolder, uploads: URL, name: string, archive: Blob, chunkBytes: number, { signal, onProgress }: TransferOptions): Promise<void> {
  const { transport, urlOf } = folder;
  const size = Math.max(chunkBytes, leastChunkBytes, Math.ceil(archive.size / 10_000));
  const upload = new URL(`xmtp-backup-${crypto.randomUUID()}/`, uploads).href;
  const headers = { Destination: urlOf(name), "OC-Total-Length": String(archive.size) };

  await transport.send({ method: "MKCOL", url: upload, headers, signal, failure, expects: [405] }, async () => {});
  try {
    for (let start = 0, number = 1; start < archive.size; start += size, number++) {
      const body = archive.slice(start, start + size);
      await transport.send({ method: "PUT", url: `${upload}${String(number).padStart(5, "0")}`, body, headers, signal, failure }, async () => {});
      onProgress?.(Math.min(start + size, archive.size));
    }
    await transport.retrying(() => folder.move(`${upload}.file`, name, { signal }, failure), { signal });
  } catch (error) {
    // Nextcloud deletes forgotten chunks after a day; nobody waits for this.
    void transport.exchange({ method: "DELETE", url: upload, failure }, async () => {}).catch(() => {});
    throw error;
  }
}
