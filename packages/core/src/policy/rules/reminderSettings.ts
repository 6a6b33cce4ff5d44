/** What is suggested to the user; each can be turned off. */
export type ReminderSettings = {
  /** Suggest the first backup after installation. @default true */
  setUp?: boolean;
  /** Suggest a backup every this many days without one; while backups are monthly, 32 at least. @default 30 */
  staleDays?: number | false;
  /** Suggest a backup before an event for which the policy says `ask`. @default true */
  beforeEvents?: boolean;
  /** Suggest a backup once this many conversations are newly active. @default 5 */
  newConversations?: number | false;
  /** Suggest to put the archive key in a safe place while the user never confirmed that it is. @default true */
  keyUnconfirmed?: boolean;
  /** Tell the user once backups failed on this many days in a row, or at once when only they can help. @default 3 */
  failingDays?: number | false;
  /** Ask the user whether it is right that the newest archive holds far less than an earlier one. @default true */
  smaller?: boolean;
  /** Tell the user once this part of the storage is used, above 0 and up to 1. @default 0.9 */
  storageUsed?: number | false;
};
