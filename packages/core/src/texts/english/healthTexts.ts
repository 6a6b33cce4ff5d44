import type { HealthReason } from "../../policy/rules/health.ts";
import type { PluralForms } from "./pluralForms.ts";

/** These have texts of their own areas, or several. */
type Elsewhere = "incomplete" | "smaller";

/** How well the user's history is protected, and why. */
export const healthTexts = {
  "health.title.ok": "Your messages are protected",
  "health.title.warning": "Your backups need a look",
  "health.title.failing": "Your backups are failing",
  "health.title.none": "Your messages are not backed up yet",

  "health.revoked": "Another device has removed this one from your account. Its backups miss everything from now on.",
  "health.keyMissing":
    "No backup is made. This device has no key, and the backups in this place have one. Unlock your backups, or add their key.",
  "health.userNeeded": "The last backup failed, and only you can change that.",
  "health.failingDays": { one: "Backups have failed for a day.", other: "Backups have failed on {count} days in a row." },
  "health.lastFailed": {
    one: "The last backup failed. It is tried again.",
    other: "The last {count} backups failed. Another try follows.",
  },
  "health.damaged": "A stored backup can't be read back.",
  "health.smaller.messages":
    "The newest backup holds {now} of the {before} messages that an earlier one holds. Restore that one, or confirm that this is right.",
  "health.smaller.conversations":
    "The newest backup holds {now} of the {before} conversations that an earlier one holds. Restore that one, or confirm that this is right.",
  "health.keysUnread": "The keys can't be read now, so it is not known what is backed up.",
  "health.storeUnread": "The place for backups can't be read now, so it is not known what is backed up.",
  "health.unusableKeys": { one: "One key can't be used and is left out.", other: "{count} keys can't be used and are left out." },
  "health.partial": "The newest backup is not whole.",
  "health.missed": { one: "A backup of the schedule was missed.", other: "At least {count} backups of the schedule were missed." },
  "health.firstDue": "There is no backup of this device yet. The first one is due.",
  "health.lost": "The backups of this device are gone or damaged. Another one is due.",
  "health.noArchive": "There is no checked backup yet.",
  "health.old": {
    one: "The newest backup is one day old, and backups are made by hand.",
    other: "The newest backup is {count} days old, and backups are made by hand.",
  },
  "health.storageNearlyFull": "The place for backups is {percent} % full.",
  "health.protected": "There is a recent backup that was checked.",
  "health.unknown": "This version of the app can't say why.",
} as const satisfies Readonly<
  Record<`health.${Exclude<HealthReason["reason"], Elsewhere>}`, string | PluralForms> &
    Record<`health.title.${HealthReason["level"] | "none"}` | "health.unknown", string> &
    Record<`health.smaller.${"messages" | "conversations"}`, string>
>;
