import type { ReminderKind } from "../../policy/rules/reminder.ts";
import type { PluralForms } from "./pluralForms.ts";
import type { KnownEvent } from "./dueTexts.ts";

/** What is suggested to the user. */
export const reminderTexts = {
  "reminder.beforeEvent": "Back up before “{event}”.",
  "reminder.beforeEvent.app-update": "Back up before you update the app.",
  "reminder.beforeEvent.os-update": "Back up before you update the system.",
  "reminder.beforeEvent.device-switch": "Back up before you change your device.",
  "reminder.failing": { one: "Backups have failed for a day.", other: "Backups have failed on {count} days in a row." },
  "reminder.userNeeded": "Backups fail until you do something about it.",
  "reminder.damaged": "A stored backup can't be read back. Keep it, make a new one, and check it once more.",
  "reminder.smaller.messages":
    "The newest backup holds {now} of the {before} messages that an earlier one holds. Restore that one, or confirm that this is right.",
  "reminder.smaller.conversations":
    "The newest backup holds {now} of the {before} conversations that an earlier one holds. Restore that one, or confirm that this is right.",
  "reminder.storageNearlyFull": "The place for backups is {percent} % full.",
  "reminder.keyUnconfirmed": "A backup can be read only with its key. Put the key in a safe place.",
  "reminder.stale": { one: "The newest backup is one day old.", other: "The newest backup is {count} days old." },
  "reminder.stale.none": { one: "There has been no backup for one day.", other: "There has been no backup for {count} days." },
  "reminder.newConversations": {
    one: "One conversation is new and in no backup yet.",
    other: "{count} conversations are new and in no backup yet.",
  },
  "reminder.setUp": "There is no backup of this device yet.",
  "reminder.setUp.byHand": "Backups are off, and there is none yet.",
  "reminder.unknown": "Your backups need a look.",
} as const satisfies Readonly<
  Record<`reminder.${Exclude<ReminderKind, "smaller">}`, string | PluralForms> &
    Record<`reminder.beforeEvent.${KnownEvent}`, string> &
    Record<`reminder.smaller.${"messages" | "conversations"}`, string> &
    Record<"reminder.stale.none", PluralForms> &
    Record<"reminder.setUp.byHand" | "reminder.unknown", string>
>;
