import type { BackupErrorCode } from "../errors/errorCodes.ts";
import type { BackupTrigger } from "./backupTrigger.ts";
import type { ArchiveId } from "./archiveId.ts";

/** What is logged. Other versions of this package may know other names. */
export type LogEventName =
  | `${"backup" | "restore"}.${"started" | "succeeded" | "failed" | "cancelled"}`
  /** An earlier process was killed at this task, and what it left is cleaned up. */
  | "task.recovered"
  /** The first archive key of this device was made. */
  | "key.made"
  /** What the rules no longer keep was removed from the store. */
  | "archives.pruned"
  /** It could not be removed; the new archive is safe all the same. */
  | "archives.unpruned"
  /** The policy read a stored archive back, and it is whole; or it is not; or nobody could tell. */
  | "archive.verified"
  | "archive.damaged"
  | "archive.unverified"
  /** The last archive can't be read, or is not the one that was stored. The backup exports everything instead of what is new. */
  | "archive.notReused"
  /** What the policy does next, and why it makes no backup now. */
  | "policy.decided"
  /** The policy could not look at the world, and tries again within a minute. */
  | "policy.failed"
  /** A note beside the client's database could not be kept. */
  | "note.failed"
  /** Restored conversations could not be tracked. */
  | "tracking.failed"
  /** The backups that tabs share could not start. That is tried again until it works. */
  | "start.failed"
  /** What answers with nothing was asked of the tab that makes the backups, and it did not do it. */
  | "call.failed";

/** One thing that happened: codes, ids, counts and times, never a key, a name, an address of a place or what anybody wrote. */
export type LogEvent = {
  event: LogEventName;
  code?: BackupErrorCode;
  /** The page that explains the code. */
  docsUrl?: string;
  taskId?: string;
  archiveId?: ArchiveId;
  archiveIds?: ArchiveId[];
  trigger?: BackupTrigger;
  /** The stage at which a task failed or was killed, or what the policy was at. */
  stage?: string;
  kind?: "backup" | "restore";
  /** How long it took. */
  durationMs?: number;
  sizeBytes?: number;
  messages?: number;
  conversations?: number;
  /** The key's public fingerprint. */
  fingerprint?: string;
  /** What the policy does now, and until when nothing is due; milliseconds since 1970. */
  action?: string;
  untilMs?: number;
  /** Why it makes no backup now, such as `offline`. */
  waitsFor?: string[];
  /** The name of the call that failed. */
  call?: string;
};

export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * What hears of everything that happens: `console` and pino fit as they are.
 *
 * `warn` is for failures that need somebody and that no other code has heard of. `info` is for everything else that ends or begins.
 * `debug` is for what the policy thinks. Nothing is at `error` today.
 *
 * @example
 * ```ts
 * import type { Logger } from "@xmtp-backup/core";
 *
 * const onlyFailures: Logger = {
 *   debug() {},
 *   info() {},
 *   warn: ({ event, code }) => console.log(event, code),
 *   error: ({ event, code }) => console.log(event, code),
 * };
 * ```
 */
export interface Logger {
  debug(event: LogEvent, message: string): unknown;
  info(event: LogEvent, message: string): unknown;
  warn(event: LogEvent, message: string): unknown;
  error(event: LogEvent, message: string): unknown;
}

/** Logs something; never fails, whatever the logger does. */
export type Log = (level: LogLevel, event: LogEvent) => void;
