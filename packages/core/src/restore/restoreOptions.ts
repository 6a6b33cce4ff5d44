import { assertOptions, invalid } from "../errors/assertOptions.ts";
import type { ArchiveRef } from "../archives/archiveEntry.ts";

/** What a restore reads: an archive of the store by its id or its entry, or the bytes of one from anywhere. */
export type RestoreSource = ArchiveRef | Blob;

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

const switches = ["confirm", "allowOtherInbox", "allowOtherNetwork", "salvage"] as const;

export const restoreOptionNames = [...switches, "unsent", "key"] as const satisfies readonly (keyof RestoreOptions)[];

/** @throws OPTIONS_INVALID when an option is unknown or malformed; the key is checked by what uses it */
export function assertRestoreOptions(options: RestoreOptions): void {
  assertOptions("restore", options, restoreOptionNames);
  for (const name of switches) {
    if (options[name] !== undefined && typeof options[name] !== "boolean") throw invalid(`${name} is true or false.`);
  }
  if (!unsentChoices.includes(options.unsent)) throw invalid("unsent is one of keep, leaveOut.");
}
