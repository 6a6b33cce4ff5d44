import { docsPathOf, docsUrlOf } from "./docsUrl.ts";
import { type BackupErrorCode, errorCodes } from "./errorCodes.ts";
import { version as ownVersion } from "./version.ts";

const brand = Symbol.for("xmtp-backup.BackupError");

export type BackupErrorOptions = {
  /** What happened, in the terms of this call; one line, without secrets. */
  details?: string;
  /** The archive at fault, such as one that a restore point is based on. @default the one that the call named, if any */
  archiveId?: string | undefined;
  cause?: unknown;
  /** The version of this package that failed. @default this one's */
  version?: string;
};

/**
 * Every error of the plugin: what happened, what was kept, and what to do. Then comes the address of its explanation, and the version.
 * `shortMessage` is the one to show to a user.
 *
 * @example
 * ```ts
 * import { isBackupError } from "@xmtp-backup/core";
 *
 * function explain(error: unknown): string {
 *   return isBackupError(error) ? `${error.shortMessage} (${error.code})` : "Something else went wrong";
 * }
 * ```
 */
export class BackupError extends Error {
  override readonly name = "BackupError";
  readonly code: BackupErrorCode;
  /** What happened, without advice. */
  readonly shortMessage: string;
  readonly details: string | undefined;
  /** The archive at fault, such as one that a restore point is based on; undefined where it is the one that the call named. */
  readonly archiveId: string | undefined;
  /** Whether the same call can succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** Where the docs explain this code, relative to the root of the docs. */
  readonly docsPath: string;
  /** The page that explains this code. */
  readonly docsUrl: string;
  /** The version of this package that failed. */
  readonly version: string;

  constructor(code: BackupErrorCode, shortMessage: string, options: BackupErrorOptions = {}) {
    const { kept, next, retryable } = errorCodes[code];
    const { details, archiveId, cause, version = ownVersion } = options;
    const docsUrl = docsUrlOf(code);
    super(
      [[shortMessage, details, kept, next].filter(Boolean).join(" "), "", `Docs: ${docsUrl}`, `Version: @xmtp-backup/core@${version}`].join(
        "\n",
      ),
      { cause },
    );
    this.code = code;
    this.shortMessage = shortMessage;
    this.details = details;
    this.archiveId = archiveId;
    this.retryable = retryable;
    this.docsPath = docsPathOf(code);
    this.docsUrl = docsUrl;
    this.version = version;
    Object.defineProperty(this, brand, { value: true });
  }

  /** What `JSON.stringify` keeps: everything but the causes, which may hold what others threw. */
  toJSON(): object {
    return { ...this, message: this.message };
  }

  /** The first error in the chain of causes that `matches`, or undefined; without `matches`, the last one. */
  walk(matches?: (error: unknown) => boolean): unknown {
    return walk(this, matches);
  }
}

function walk(error: unknown, matches?: (error: unknown) => boolean): unknown {
  if (matches?.(error)) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause !== undefined) return walk(cause, matches);
  return matches ? undefined : error;
}

/** True for a `BackupError` of any copy of this package. */
export function isBackupError(error: unknown): error is BackupError {
  return typeof error === "object" && error !== null && brand in error;
}

/** The error itself when it is one of ours, else a new one with it as the cause. */
export function toBackupError(error: unknown, code: BackupErrorCode, shortMessage: string): BackupError {
  return isBackupError(error) ? error : new BackupError(code, shortMessage, { cause: error });
}
