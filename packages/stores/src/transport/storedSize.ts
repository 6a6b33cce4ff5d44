import { BackupError, type CallOptions } from "@xmtp-backup/core";
import { contentLength } from "./contentLength.ts";
import type { Transport } from "./transport.ts";

/**
 * How large a file is at the server; undefined when the server does not tell. It is asked for by GET, as every server allows, and its body
 * is given up.
 *
 * @throws ARCHIVE_NOT_FOUND when the server has no such file
 */
export async function storedSize(transport: Transport, url: string, { signal }: CallOptions, failure: string): Promise<number | undefined> {
  return transport.send({ method: "GET", url, signal, failure, expects: [404] }, async ({ response }) => {
    if (response.status === 404) throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
    const isAsStored = (response.headers.get("content-encoding") ?? "identity") === "identity";
    return isAsStored ? contentLength(response.headers) : undefined;
  });
}
