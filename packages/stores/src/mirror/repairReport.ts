import type { ArchiveId, BackupErrorCode } from "@xmtp-backup/core";

/** What a repair left to do, and why. */
export type Remaining = {
  /** The place that could not be repaired, by its position in the list of places. */
  place: number;
  /**
   * What the place said. `STORE_CONFLICT` means that it differs from another and nothing says which is right. It also means that the place
   * lacks what superseded an archive that is to be removed there. `KEY_WRONG` means that no key at hand proves what another place has.
   */
  code: BackupErrorCode;
  archive?: ArchiveId;
  document?: string;
};

export type RepairReport = {
  /** Archives that a place lacked, and has now. */
  copied: ArchiveId[];
  /** Archives of which a place had an older manifest. */
  updated: ArchiveId[];
  /** Archives that were removed while a place was away, and are gone there now. */
  removed: ArchiveId[];
  /** What is still to do, and why. Nothing of it was changed. */
  remaining: Remaining[];
};
