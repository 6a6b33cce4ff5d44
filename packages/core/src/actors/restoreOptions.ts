import { BackupError } from "../errors/backupError.ts";
import type { ArchiveEntry } from "../model/archiveEntry.ts";

/** What a restore reads: an archive of the store, or the bytes of one from anywhere. */
export type RestoreSource = ArchiveEntry | Blob;

export type RestoreOptions = {
  /** Show the preview and wait for `task.confirm()` before anything is imported. @default false */
  confirm?: boolean;
  /** Import an archive of another inbox all the same. @default false */
  allowOtherInbox?: boolean;
  /** Import an archive of another XMTP network all the same, as after a move from one to the other. @default false */
  allowOtherNetwork?: boolean;
  /**
   * Import an archive although its manifest is damaged, gone or newer than this app: nothing then says what the archive should hold.
   * The result names what could not be checked. @default false
   */
  salvage?: boolean;
  /**
   * `keep` restores messages that were never sent too, marked as failed. They are not sent again. @default "leaveOut"
   */
  unsent?: "keep" | "leaveOut";
  /** The archive key, 32 bytes. @default the one of the key store that made the archive; for a file, the first that opens it */
  key?: Uint8Array;
};

const unsentChoices: readonly unknown[] = [undefined, "keep", "leaveOut"];

/** @throws OPTIONS_INVALID when `unsent` says neither what to keep nor what to leave out */
export function assertRestoreOptions({ unsent }: RestoreOptions): void {
  if (!unsentChoices.includes(unsent)) throw new BackupError("OPTIONS_INVALID", "unsent is one of keep, leaveOut.");
}
