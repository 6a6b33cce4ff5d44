import { BackupError, type TransferOptions } from "@xmtp-backup/core";
import type { DriveFiles } from "./driveFiles.ts";

const failure = "The archive could not be uploaded.";
/** The upload goes on; it is gone and begins again. */
const statuses = { goesOn: 308, gone: [404, 410] };

/**
 * Uploads a file chunk by chunk; after a broken connection it asks how far it came, and goes on from there. There is no file until all of it is there.
 * Source: Google Drive API, "Upload file data", resumable upload.
 */
export async function resumableUpload(
  files: DriveFiles,
  name: string,
  archive: Blob,
  chunkBytes: number,
  { signal, onProgress }: TransferOptions,
): Promise<string> {
  const { transport } = files;
  const id = await files.newId({ signal }, failure);
  let session: string | undefined;
  let doneBytes = 0;
  let isBroken = false;

  /** Begins an upload; undefined when the file is there already: the answer to its last chunk was lost. */
  async function begin(): Promise<string | undefined> {
    const headers = { "Content-Type": "application/json; charset=UTF-8", "X-Upload-Content-Length": String(archive.size) };
    const request = {
      method: "POST",
      url: "upload/drive/v3/files?uploadType=resumable&fields=id",
      headers,
      body: JSON.stringify({ id, name, parents: ["appDataFolder"] }),
      signal,
      failure,
      expects: [409],
    };
    return transport.exchange(request, async ({ response }) => {
      if (response.status === 409) return undefined;
      const location = response.headers.get("location");
      if (location === null) throw new BackupError("STORE_FAILED", failure, { details: "The server does not tell where the upload goes." });
      return location;
    });
  }

  /** Sends a part, or nothing to ask how far it came, and says how much the server has; undefined when it has forgotten the upload. */
  async function send(url: string, start: number, chunk: Blob | undefined): Promise<number | undefined> {
    const range = chunk && chunk.size > 0 ? `${start}-${start + chunk.size - 1}` : "*";
    const request = {
      method: "PUT",
      url,
      headers: { "Content-Range": `bytes ${range}/${archive.size}` },
      body: chunk ?? "",
      signal,
      failure,
      expects: [statuses.goesOn, ...statuses.gone],
    };
    return transport.exchange(request, async ({ response }) => {
      if (statuses.gone.includes(response.status)) return undefined;
      if (response.status !== statuses.goesOn) return archive.size;
      const [, last] = /^bytes=0-(\d+)$/.exec(response.headers.get("range") ?? "") ?? [];
      return last === undefined ? 0 : Number(last) + 1;
    });
  }

  let furthest = 0;
  await transport.retrying(
    async () => {
      let isDone = false;
      while (!isDone) {
        session ??= await begin();
        if (session === undefined) return;
        // An empty archive is sent as a whole, too.
        const chunk = isBroken ? undefined : archive.slice(doneBytes, doneBytes + chunkBytes);
        isBroken = true;
        const stored = await send(session, doneBytes, chunk);
        isBroken = false;
        if (stored === undefined) [session, doneBytes] = [undefined, 0];
        else if (stored > archive.size || (chunk && stored < doneBytes))
          throw new BackupError("STORE_FAILED", failure, { details: "The server keeps another number of bytes than it was given." });
        else doneBytes = stored;
        isDone = stored === archive.size && (archive.size > 0 || chunk !== undefined);
        if (doneBytes <= furthest) continue;
        furthest = doneBytes;
        onProgress?.(doneBytes);
      }
    },
    { signal },
    () => furthest,
  );
  return id;
}
