import { createHash } from "node:crypto";
import { archiveKeyBytes, BackupError } from "@xmtp-backup/core";

const format = "xmtp-backup-keys";
const version = 1;

/** As many as fit into 2,560 bytes, which is all that Windows keeps in one entry. */
export const keysPerPage = 48;

/** The text of an entry of the keychain: keys in the order in which they came, with a checksum. */
export function encodePage(keys: readonly Uint8Array[]): Uint8Array {
  const joined = Buffer.concat(keys);
  const text = [format, version, joined.toString("base64")].join(":");
  joined.fill(0);
  return Buffer.from(`${text}:${checksumOf(text)}`);
}

/**
 * The inverse of `encodePage`, for exactly the text that it makes.
 *
 * @throws KEY_STORE_FAILED for anything else
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version of the app wrote it
 */
export function decodePage(bytes: Uint8Array): Uint8Array[] {
  const [name, writtenBy, base64 = ""] = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1").split(":");
  if (name === format && Number(writtenBy) > version) {
    throw new BackupError("ARCHIVE_VERSION_UNSUPPORTED", "The keys in the keychain were written by a newer version of the app.");
  }
  const joined = Buffer.from(base64, "base64");
  const keys = Array.from(
    { length: joined.length / archiveKeyBytes },
    (_, index) => new Uint8Array(joined.subarray(index * archiveKeyBytes, (index + 1) * archiveKeyBytes)),
  );
  joined.fill(0);
  const again = encodePage(keys);
  const isWhole = keys.length > 0 && Buffer.compare(again, bytes) === 0;
  again.fill(0);
  if (isWhole) return keys;
  throw new BackupError("KEY_STORE_FAILED", "The entry of the keychain differs from what was written there.", {
    details: "It is left as it is.",
  });
}

function checksumOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
