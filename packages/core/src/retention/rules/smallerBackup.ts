import type { ArchiveId } from "../../ports/archiveId.ts";

/** The newest archive holds far less than an earlier one that is still at hand. */
export type SmallerBackup = {
  archiveId: ArchiveId;
  messages: number;
  conversations: number;
  /** What the earlier one holds, without messages that disappear after a time. */
  than: { archiveId: ArchiveId; messages: number; conversations: number };
};
