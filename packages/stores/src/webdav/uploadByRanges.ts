import { BackupError, type TransferOptions } from "@xmtp-backup/core";
import type { DavFolder } from "./davFolder.ts";

/** What a server answers that does not write parts of a file. */
const noRanges = [400, 403, 405, 410, 411, 415, 416, 501];
const failure = "The archive could not be uploaded.";
/** How often a file is begun that somebody else removed under way. */
const maxBegun = 4;

/**
 * Uploads a file chunk by chunk where the server writes parts of files (`Content-Range`, as Apache does), and as one request where it does not.
 *
 * A server that takes a part for the whole leaves a file that is too short: it is then sent as a whole. A file that another device removed meanwhile
 * begins again: a part that was written alone would have a hole of zeros before it, and the right length.
 */
export async function uploadByRanges(
  folder: DavFolder,
  name: string,
  archive: Blob,
  chunkBytes: number,
  { signal, onProgress }: TransferOptions,
): Promise<void> {
  const { transport, urlOf } = folder;

  async function writePart(start: number): Promise<"written" | "refused" | "gone"> {
    const chunk = archive.slice(start, start + chunkBytes);
    const headers = { "Content-Range": `bytes ${start}-${start + chunk.size - 1}/${archive.size}`, "If-Match": "*" };
    const request = { method: "PUT", url: urlOf(name), body: chunk, headers, signal, failure, expects: [...noRanges, 412] };
    return transport.exchange(request, async ({ response: { ok, status } }) => (ok ? "written" : status === 412 ? "gone" : "refused"));
  }

  /** Writes the first part in place of whatever is there, and says how many bytes that are. */
  async function begin(): Promise<number> {
    const first = archive.slice(0, chunkBytes);
    await folder.write(name, first, { signal }, failure);
    return first.size;
  }

  /** Says whether the server could; after a broken connection it asks how far it came. */
  async function writeParts(): Promise<boolean> {
    let [doneBytes, begun, furthest, reached, isBroken, isProved] = [await begin(), 1, 0, 0, false, false];
    const tell = () => {
      if (doneBytes > furthest) onProgress?.((furthest = doneBytes));
    };
    tell();
    return transport.retrying(
      async () => {
        if (isBroken) doneBytes = Math.min((await folder.sizeOf(name, { signal }, failure)) ?? 0, archive.size);
        isBroken = true;
        while (doneBytes < archive.size) {
          const start = doneBytes;
          const outcome = await writePart(start);
          // A server that does not know the condition, and says that it does not hold, is one without parts of files.
          if (outcome === "refused" || (outcome === "gone" && (await folder.sizeOf(name, { signal }, failure)) !== undefined)) return false;
          if (outcome === "gone") {
            if (begun++ === maxBegun)
              throw new BackupError("STORE_UNAVAILABLE", failure, { details: "Another device removed the file again and again." });
            doneBytes = await begin();
            continue;
          }
          doneBytes = Math.min(start + chunkBytes, archive.size);
          if (!isProved && (await folder.sizeOf(name, { signal }, failure)) !== doneBytes) return false;
          isProved = true;
          tell();
        }
        return true;
      },
      { signal },
      () => (reached = Math.max(reached, doneBytes)),
    );
  }

  if (archive.size <= chunkBytes || !(await writeParts())) await folder.write(name, archive, { signal }, failure);
  const storedBytes = await folder.sizeOf(name, { signal }, failure);
  if (storedBytes !== archive.size)
    throw new BackupError("STORE_FAILED", failure, { details: "The server kept another number of bytes than it was given." });
  onProgress?.(archive.size);
}
