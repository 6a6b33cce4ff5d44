import { BackupError } from "../errors/backupError.ts";

/** The error for a client that is closed. */
export function closedClient(cause?: unknown): BackupError {
  return new BackupError("CLIENT_CLOSED", "The XMTP client is closed.", cause === undefined ? {} : { cause });
}
