import { BackupError } from "../errors/backupError.ts";
import type { ArchiveEntry, ArchiveId } from "../model/archiveEntry.ts";
import { type Calendar, calendarOf } from "./calendar.ts";
import { type AutomaticTrigger, decideBackup, type Moment } from "./decideBackup.ts";
import { decideDrill } from "./decideDrill.ts";
import { decideEvent } from "./decideEvent.ts";
import { assessHealth, type Health } from "./health.ts";
import { planRetention } from "./planRetention.ts";
import { type BackupPolicy, normalizePolicy, zoneOf } from "./policy.ts";
import { createMemory, settleMemory } from "./policyMemory.ts";
import { countActivity, recordDrill, recordFailure, recordSuccess, retryNow } from "./recordOutcome.ts";
import { recordShown } from "./recordReminder.ts";
import { dueReminders, type Reminder } from "./reminders.ts";
import { createWorld, defaultScenario, type Scenario } from "./scenario.ts";
import { simulatedArchive } from "./simulatedArchive.ts";
import { dayMs, minuteMs } from "./wallTime.ts";

/** When something happened: on the device's clock, in milliseconds since 1970, and on which day of the scenario. */
export type SimulatedMoment = { atMs: number; day: number };

/** What a policy made of a scenario. */
export type Simulation = {
  backups: (SimulatedMoment & { id: ArchiveId; trigger: AutomaticTrigger; reason: string })[];
  failures: (SimulatedMoment & { code: string; trigger: AutomaticTrigger })[];
  /** Each time that the user had to be asked because only they could help. */
  asks: (SimulatedMoment & { code: string | undefined })[];
  prompts: (SimulatedMoment & { reminder: Reminder })[];
  removals: (SimulatedMoment & { id: ArchiveId; reasons: readonly string[] })[];
  /** Archives that were read back. */
  drills: (SimulatedMoment & { id: ArchiveId })[];
  /** What is left in the end, newest first. */
  archives: ArchiveEntry[];
  /** How it all looks in the end. */
  health: Health;
  /** How often the policy was asked. */
  decisions: number;
};

const inboxId = "simulated";

/**
 * Tries a policy on a scenario: a year of decisions on a simulated clock, by the functions that decide in the app.
 *
 * @param calendar - the policy's calendar from `loadCalendar`; only needed for a cron pattern
 * @throws POLICY_INVALID when the policy can't be followed, or its cron pattern comes without a calendar
 *
 * @example
 * ```ts
 * import { simulatePolicy } from "@xmtp-backup/core";
 *
 * const year = simulatePolicy({ frequency: "weekly" }, { messagesPerDay: 5, asleep: [{ fromDay: 100, toDay: 130 }] });
 * console.log(year.backups.length, year.removals.length, year.archives.length);
 * ```
 */
export function simulatePolicy(policy: BackupPolicy, scenario: Scenario = {}, calendar?: Calendar): Simulation {
  const full = normalizePolicy(policy);
  const schedule = calendar ?? calendarOf(full);
  if (!schedule) throw new BackupError("POLICY_INVALID", "A cron pattern is simulated with its calendar: pass await loadCalendar(policy).");
  return new Simulator(full, schedule, scenario).run();
}
