import { allElements, type Element } from "../../ports/element.ts";
import type { IncrementSettings } from "../../backup/rules/wantsIncrement.ts";
import type { BackupPriority } from "../../ports/backupPriority.ts";
import type { Conditions } from "./conditions.ts";
import type { Duration } from "../../time/duration.ts";
import type { Keep } from "../../retention/rules/keep.ts";
import type { ReminderSettings } from "./reminderSettings.ts";
import type { TimeOfDay } from "../../time/timeOfDay.ts";
import type { Weekday } from "../../time/weekday.ts";

/** How often an automatic backup is due; a cron pattern has five fields: minute, hour, day, month, weekday. */
export type Frequency = "never" | "daily" | "weekly" | "monthly" | { cron: string };

/** What comes before something that endangers the archive: one of the well-known, or the app's own word. */
export type BackupEventName = "app-update" | "os-update" | "device-switch" | (string & {});

/** What the policy does before such an event: back up, ask the user, or nothing. */
export type EventAnswer = "backup" | "ask" | "ignore";

/** When to back up, what to keep and what to suggest. */
export type BackupPolicy = {
  /** With `never` nothing runs automatically: no schedule, no activity, and before an event the user is asked. @default "weekly" */
  frequency?: Frequency;
  /** When on its day a daily, weekly or monthly backup is due. @default "02:00" */
  at?: TimeOfDay;
  /** The day of a weekly backup. @default "sunday" */
  weekday?: Weekday;
  /** The day of a monthly backup, 1 to 31; in a month that is too short, its last day. @default 1 */
  dayOfMonth?: number;
  /** An IANA time zone. @default the user's, which may change while travelling */
  timeZone?: string;
  /** Back up once this many messages are new since the last backup, or never for that reason. @default 100 */
  afterMessages?: number | false;
  /** Back up once this many conversations are newly active since the last backup, or never for that reason. @default false */
  afterConversations?: number | false;
  /** How long after a backup activity alone does not start another one. @default false */
  activityPause?: Duration | false;
  /** What to do before each event; one that is not named here gets a backup. @default {} */
  events?: Partial<Record<BackupEventName, EventAnswer>>;
  /** What must hold before a backup runs automatically. A condition that the platform can't measure is met. @default none */
  conditions?: Conditions;
  /** Which archives stay when a new one has been made. @default { last: 5 } */
  keep?: Keep;
  /** How often a stored archive is read back and verified whole. @default "30d" */
  verifyEvery?: Duration | false;
  /** What is suggested to the user, and when; false suggests nothing. */
  reminders?: ReminderSettings | false;
  /** What an automatic backup holds, also one before an event. @default both */
  elements?: readonly Element[];
  /**
   * Leave messages that disappear after a time out of every automatic backup, and out of history sync. Such an archive is no whole one.
   *
   * @default false
   */
  excludeDisappearingMessages?: boolean;
  /**
   * How hard an automatic backup works beside the app. Nobody waits for one, so it leaves the app room; one before an event is as fast as it can.
   *
   * @default "low"
   */
  priority?: BackupPriority;
  /**
   * Whether a whole backup may be an increment, which holds only what is new and needs the archives before it.
   *
   * @default false
   */
  increments?: boolean | IncrementSettings;
};

/** A policy with every setting filled in; only the time zone stays open, when it is the user's. */
export type FullPolicy = Required<Omit<BackupPolicy, "timeZone" | "conditions" | "reminders" | "events" | "increments">> & {
  timeZone?: string;
  events: Readonly<Record<string, EventAnswer>>;
  conditions: Conditions;
  reminders: Required<ReminderSettings> | false;
  increments: Required<IncrementSettings> | false;
};

/** What a policy has where nothing is said. Each `@default` of its types says the same. */
export const defaultPolicy = {
  frequency: "weekly",
  at: "02:00",
  weekday: "sunday",
  dayOfMonth: 1,
  afterMessages: 100,
  afterConversations: false,
  activityPause: false,
  events: {},
  conditions: {},
  keep: { last: 5 },
  verifyEvery: "30d",
  reminders: {
    setUp: true,
    staleDays: 30,
    beforeEvents: true,
    newConversations: 5,
    keyUnconfirmed: true,
    failingDays: 3,
    smaller: true,
    storageUsed: 0.9,
  },
  elements: allElements,
  excludeDisappearingMessages: false,
  priority: "low",
  increments: false,
} as const satisfies FullPolicy;
