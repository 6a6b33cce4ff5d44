import { BackupError } from "@xmtp-backup/core";

/** Archives, or a document, that the program which syncs the folder has not brought: a page can't ask it to. */
export function inTheCloud(shortMessage: string): BackupError {
  return new BackupError("STORE_UNAVAILABLE", shortMessage, {
    details: "Connect to the internet and let the sync program download the folder, or have it always kept on this device; then try again.",
  });
}
