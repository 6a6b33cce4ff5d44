import type { BackupError } from "@xmtp-backup/core";

export type TransientFailureOptions = {
  /** How long the server asked to be left alone, in milliseconds. @default 0 */
  waitMs?: number;
  /** The status by which the server refused; none where no answer came. */
  status?: number | undefined;
  /** Whether the server is there and may be doing what it was asked for: it is waited for, however often it is asked meanwhile. @default false */
  isAtWork?: boolean;
};

/** A failure that time alone can heal. */
export class TransientFailure extends Error {
  readonly failure: BackupError;
  readonly waitMs: number;
  readonly status: number | undefined;
  readonly isAtWork: boolean;

  constructor(failure: BackupError, { waitMs = 0, status, isAtWork = false }: TransientFailureOptions = {}) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.waitMs = waitMs;
    this.status = status;
    this.isAtWork = isAtWork;
  }
}
