import type { BackupError } from "@xmtp-backup/core";

/** A failure that can pass by itself; the server may have said how long it asks to be left alone. */
export class TransientFailure extends Error {
  readonly failure: BackupError;
  readonly waitMs: number;

  constructor(failure: BackupError, waitMs = 0) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.waitMs = waitMs;
  }
}
