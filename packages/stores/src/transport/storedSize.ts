import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { announcedPart, announcedSize, sizeBeyondRange } from "./announced.ts";
import { asStored } from "./entityTags.ts";
import type { Transport } from "./transport.ts";

/**
 * How large a file is at the server; undefined when the server does not tell. It is asked for by GET, as every server allows, for one byte of it,
 * since no server packs a part; of a server that sends all of it the body is given up.
 *
 * @throws ARCHIVE_NOT_FOUND when the server has no such file
 */
export async function storedSize(transport: Transport, url: string, options: CallOptions, failure: string): Promise<number | undefined> {
  const ask = (headers: Record<string, string>) =>
    transport.send({ method: "GET", url, headers, signal: options.signal, failure, expects: [404, 416] }, async ({ response }) => {
      if (response.status === 404) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      if (response.status === 416) return { totalBytes: sizeBeyondRange(response), isEmpty: true };
      if (response.status === 206) return { totalBytes: announcedPart(response)?.totalBytes };
      const { totalBytes, isSure } = announcedSize(response);
      return { totalBytes: isSure ? totalBytes : undefined };
    });
  const asked = await ask({ Range: "bytes=0-0" });
  // An empty file has no first byte.
  return asked.totalBytes === undefined && asked.isEmpty ? (await ask({ ...asStored })).totalBytes : asked.totalBytes;
}
