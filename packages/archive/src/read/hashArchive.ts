import { Pace } from "../util/pace.ts";
import { toHex } from "../protobuf/hex.ts";
import { readChunks, startHash } from "./readChunks.ts";
import type { ArchiveWorkOptions } from "./archiveReadOptions.ts";

/**
 * The SHA-256 of an archive as lower-case hex, the one that a validation reports; whether it is sound is not looked at.
 *
 * @example
 * ```ts
 * import { openAsBlob } from "node:fs";
 * import { hashArchive } from "@xmtp-backup/archive";
 *
 * export const isSame = async (path: string, sha256: string) => (await hashArchive(await openAsBlob(path))) === sha256;
 * ```
 */
export const hashArchive = async (blob: Blob, options: ArchiveWorkOptions = {}): Promise<string> => {
  const pace = new Pace(options.signal);
  const hash = startHash(blob, options.primitives);
  for await (const _ of readChunks(blob, options, hash)) await pace.rest();
  return toHex(await hash.digest());
};
