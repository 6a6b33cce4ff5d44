import type { ArchiveEntry } from "../model/archiveEntry.ts";

/** What a restore reads: an archive of the store, or the bytes of one from anywhere. */
export type RestoreSource = ArchiveEntry | Blob;

export type RestoreOptions = {
  /** Show the preview and wait for `task.confirm()` before anything is imported. @default false */
  confirm?: boolean;
  /** Import an archive of another inbox all the same. @default false */
  allowOtherInbox?: boolean;
  /** The archive key, 32 bytes. @default the key of the key store that made the archive */
  key?: Uint8Array;
};
