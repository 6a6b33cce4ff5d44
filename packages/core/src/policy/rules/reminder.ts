import type { ArchiveId } from "../../ports/archiveId.ts";
import type { SmallerBackup } from "../../retention/rules/smallerBackup.ts";

/** What causes a suggestion to the user, and what they can do about it. */
type ReminderCause =
  /** Something is about to happen that the app named. */
  | { kind: "beforeEvent"; action: "backup"; event: string }
  /** Backups have failed on so many days in a row. */
  | { kind: "failing"; action: "resolve"; days: number }
  /** Backups fail until the user does something; with the code of the failure. */
  | { kind: "userNeeded"; action: "resolve" | "freeSpace"; code?: string }
  /** A stored archive can't be read back; with the code that says why. */
  | { kind: "damaged"; action: "resolve"; archiveId: ArchiveId; code: string }
  /** The newest archive holds far less than an earlier one. */
  | { kind: "smaller"; action: "acceptSmaller"; smaller: SmallerBackup }
  /** So many hundredths of the place for archives are used. */
  | { kind: "storageNearlyFull"; action: "freeSpace"; percent: number }
  /** The user never confirmed that the archive key is in a safe place. */
  | { kind: "keyUnconfirmed"; action: "confirmKey" }
  /** The newest backup is so many days old; where there is none, so many days have passed without. */
  | { kind: "stale"; action: "backup"; days: number; hasBackup: boolean }
  /** So many conversations are new and in no backup. */
  | { kind: "newConversations"; action: "backup"; count: number }
  /** There is no backup; where backups are made by hand, nothing brings one automatically. */
  | { kind: "setUp"; action: "setUp"; isByHand: boolean };

/** A suggestion to the user; `describeReminder` says it in words. */
export type Reminder = {
  /** The same for as long as its cause lasts, so that what was dismissed once stays away. */
  id: string;
} & ReminderCause;

export type ReminderKind = Reminder["kind"];
