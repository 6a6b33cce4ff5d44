import type { DueReason, ScheduleName } from "../../policy/rules/nextRunReason.ts";
import type { PluralForms } from "./pluralForms.ts";

/** Why a backup is due. */
export const dueTexts = {
  "due.first": "The first backup is due.",
  "due.lost": "The backups of this device are gone, so another one is due.",
  "due.schedule.never": "A backup is due.",
  "due.schedule.daily": "The daily backup is due.",
  "due.schedule.weekly": "The weekly backup is due.",
  "due.schedule.monthly": "The monthly backup is due.",
  "due.schedule.cron": "A backup of your own schedule is due.",
  "due.missed.never": "A backup was missed.",
  "due.missed.daily": "The daily backup was missed.",
  "due.missed.weekly": "The weekly backup was missed.",
  "due.missed.monthly": "The monthly backup was missed.",
  "due.missed.cron": "A backup of your own schedule was missed.",
  "due.messages": { one: "One message is new since the last backup.", other: "{count} messages are new since the last backup." },
  "due.conversations": {
    one: "One conversation is new since the last backup.",
    other: "{count} conversations are new since the last backup.",
  },
  "due.unknown": "A backup is due.",
  "due.event": "A backup is due before “{event}”.",
  "due.event.app-update": "A backup is due before the app is updated.",
  "due.event.os-update": "A backup is due before the system is updated.",
  "due.event.device-switch": "A backup is due before you change your device.",
} as const satisfies Readonly<
  Record<`due.${Exclude<DueReason["reason"], "schedule" | "missed">}`, string | PluralForms> &
    Record<`due.${"schedule" | "missed"}.${ScheduleName}`, string> &
    Record<`due.event.${KnownEvent}` | "due.unknown", string>
>;

/** The events that have words of their own; any other is called by the app's name for it. */
export type KnownEvent = "app-update" | "os-update" | "device-switch";
