export {
  backupPolicyMachine,
  type PolicyBackupResult,
  type PolicyBeginning,
  type PolicyInput,
} from "./backupPolicyMachine.ts";
export { loadCalendar } from "./loadCalendar.ts";
export type { PolicyEvent } from "./policyEvent.ts";
export type { ReminderHandle } from "./reminderHandle.ts";
export { assessHealth, type HealthFacts } from "./rules/assessHealth.ts";
export type { BackupEventName, BackupPolicy, EventAnswer, Frequency, FullPolicy } from "./rules/backupPolicy.ts";
export type { Calendar } from "./rules/calendar.ts";
export type { Conditions, QuietWindow } from "./rules/conditions.ts";
export { type BackupDecision, type BackupFacts, decideBackup } from "./rules/decideBackup.ts";
export { decideVerification, type VerificationDecision, type VerificationFacts } from "./rules/decideVerification.ts";
export { decideEvent } from "./rules/decideEvent.ts";
export { dueReminders } from "./rules/dueReminders.ts";
export type { Health, HealthReason } from "./rules/health.ts";
export { type Moment, momentOf } from "./rules/moment.ts";
export { nextRun } from "./rules/nextRun.ts";
export type { AutomaticTrigger, DueReason, NextRun, ScheduleName, UnmetCondition, Waiting } from "./rules/nextRunReason.ts";
export { normalizePolicy } from "./rules/normalizePolicy.ts";
export type { KeysSeen, Observation } from "./rules/observation.ts";
export { createMemory, isPolicyMemory, type PolicyMemory, settleMemory } from "./rules/policyMemory.ts";
export type { PolicyState } from "./rules/policyState.ts";
export { countActivity, recordCancelled, recordVerification, recordFailure, recordSuccess, retryNow } from "./rules/recordOutcome.ts";
export { recordProtection } from "./rules/recordProtection.ts";
export { recordDismissed, recordShown, recordSnoozed } from "./rules/recordReminder.ts";
export type { Reminder, ReminderKind } from "./rules/reminder.ts";
export type { ReminderFacts } from "./rules/reminderFacts.ts";
export type { ReminderSettings } from "./rules/reminderSettings.ts";
