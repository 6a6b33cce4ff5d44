import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { announcedPart, announcedSize } from "./announced.ts";
import { asStored } from "./entityTags.ts";
import type { Transport } from "./transport.ts";

/**
 * How large a file is at the server; undefined when the server does not tell. It is asked for by GET, as every server allows, and its body is given
 * up. Where nobody sees whether the answer was packed, it is asked for as a range: engines ask for ranges unpacked, and the answer tells the whole.
 *
 * @throws ARCHIVE_NOT_FOUND when the server has no such file
 */
export async function storedSize(transport: Transport, url: string, { signal }: CallOptions, failure: string): Promise<number | undefined> {
  const ask = <T>(headers: Record<string, string>, read: (response: Response) => T) =>
    transport.send({ method: "GET", url, headers, signal, failure, expects: [404, 416] }, async ({ response }) => {
      if (response.status === 404) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      return read(response);
    });
  const { totalBytes, isSure } = await ask({ ...asStored }, announcedSize);
  // Nothing packed has no bytes.
  if (isSure || totalBytes === 0) return totalBytes;
  return ask({ Range: "bytes=0-" }, (response) => (response.status === 206 ? announcedPart(response)?.totalBytes : undefined));
}
