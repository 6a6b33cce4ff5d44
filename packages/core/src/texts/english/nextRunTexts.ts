import type { NextRun, ScheduleName, UnmetCondition } from "../../policy/rules/nextRunReason.ts";
import type { PluralForms } from "./pluralForms.ts";

/** What the next backup waits for. */
export const nextRunTexts = {
  "nextRun.running": "A backup or restore is running.",
  "nextRun.never": "Backups are made by hand.",
  "nextRun.schedule.never": "No backup is due.",
  "nextRun.schedule.daily": "The next daily backup is not due yet.",
  "nextRun.schedule.weekly": "The next weekly backup is not due yet.",
  "nextRun.schedule.monthly": "The next monthly backup is not due yet.",
  "nextRun.schedule.cron": "The next backup of your own schedule is not due yet.",
  "nextRun.due": "It begins now.",
  "nextRun.settling": "It begins soon.",
  "nextRun.pause": "It begins after a pause.",
  "nextRun.backoff": {
    one: "The last try failed, and another one follows.",
    other: "The last {count} tries failed, and another one follows.",
  },
  "nextRun.user": "The last try failed, and only you can change that.",
  "nextRun.unknown": "This version of the app can't say what the next backup waits for.",

  "unmet.offline": "It waits for a network.",
  "unmet.notWifi": "It waits for Wi-Fi.",
  "unmet.metered": "It waits for a network that does not charge for data.",
  "unmet.notCharging": "It waits until this device is charging.",
  "unmet.outsideWindow": "It waits until it is between {from} and {to}.",
  "unmet.unknown": "It waits for something that this version of the app does not know.",
} as const satisfies Readonly<
  Record<`nextRun.${Exclude<NextRun["why"], "schedule" | "conditions">}`, string | PluralForms> &
    Record<`nextRun.schedule.${ScheduleName}`, string> &
    Record<`unmet.${UnmetCondition["reason"]}` | "nextRun.unknown" | "unmet.unknown", string>
>;
