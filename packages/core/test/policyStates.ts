import type { ArchiveLacks } from "../src/archives/archiveEntry.ts";
import type { DueReason, NextRun, ScheduleName, UnmetCondition, Waiting } from "../src/policy/rules/nextRunReason.ts";
import type { HealthReason } from "../src/policy/rules/health.ts";
import type { PartialReason } from "../src/retention/rules/partialReason.ts";
import type { Progress } from "../src/tasks/progress.ts";
import type { ClosingAdvice } from "../src/tasks/closingAdvice.ts";
import type { Reminder, ReminderKind } from "../src/policy/rules/reminder.ts";
import type { RetentionPeriod, RetentionReason } from "../src/retention/rules/retentionReason.ts";
import type { SmallerBackup } from "../src/retention/rules/smallerBackup.ts";

// Every list is made of an object that has each code by its type, so that a new code can't be forgotten here.

const counts = [1, 2, 1200];
const schedules = Object.keys({ never: 1, daily: 1, weekly: 1, monthly: 1, cron: 1 } satisfies Record<ScheduleName, 1>) as ScheduleName[];
const partials = Object.keys({
  damaged: 1,
  ofRevoked: 1,
  noMessages: 1,
  noConsent: 1,
  range: 1,
  noDisappearing: 1,
  incomplete: 1,
  unverified: 1,
} satisfies Record<PartialReason, 1>) as PartialReason[];
const drops: SmallerBackup[] = [
  { archiveId: "1", messages: 4, conversations: 4, than: { archiveId: "2", messages: 1200, conversations: 4 } },
  { archiveId: "1", messages: 40, conversations: 1, than: { archiveId: "2", messages: 41, conversations: 9 } },
];

export const lacks: { missingMessages?: number; lacks?: ArchiveLacks }[] = [
  { missingMessages: 0 },
  ...counts.map((missingMessages) => ({ missingMessages })),
  ...counts.flatMap((count) =>
    [true, false].map((isNamed) => ({
      missingMessages: count,
      lacks: {
        conversations: Array.from({ length: Math.min(count, 5) }, (_, index) => ({ ...(isNamed && { id: `${index}` }), isBroken: true })),
        ranges: Array.from({ length: Math.min(count, 5) }, () => ({ startNs: 1n })),
        consent: true,
      },
    })),
  ),
];

export const health: HealthReason[] = Object.values({
  revoked: [{ level: "failing", reason: "revoked" }],
  keyMissing: [{ level: "failing", reason: "keyMissing" }],
  userNeeded: [{ level: "failing", reason: "userNeeded", code: "STORE_FULL" }],
  failingDays: counts.map((days) => ({ level: "failing", reason: "failingDays", days })),
  lastFailed: counts.map((failures) => ({ level: "warning", reason: "lastFailed", failures })),
  damaged: [{ level: "warning", reason: "damaged", archiveId: "1", code: "ARCHIVE_DAMAGED" }],
  smaller: drops.map((smaller) => ({ level: "warning", reason: "smaller", smaller })),
  keysUnread: [{ level: "warning", reason: "keysUnread" }],
  storeUnread: [{ level: "warning", reason: "storeUnread" }],
  unusableKeys: counts.map((keys) => ({ level: "warning", reason: "unusableKeys", keys })),
  incomplete: lacks.map((each) => ({ level: "warning", reason: "incomplete", ...each })),
  partial: partials.map((why) => ({ level: "warning", reason: "partial", why })),
  missed: counts.map((times) => ({ level: "warning", reason: "missed", times })),
  firstDue: [{ level: "warning", reason: "firstDue" }],
  lost: [{ level: "warning", reason: "lost" }],
  noArchive: [{ level: "warning", reason: "noArchive" }],
  old: counts.map((days) => ({ level: "warning", reason: "old", days })),
  storageNearlyFull: [{ level: "warning", reason: "storageNearlyFull", percent: 95 }],
  protected: [{ level: "ok", reason: "protected" }],
} satisfies { [Reason in HealthReason["reason"]]: Extract<HealthReason, { reason: Reason }>[] }).flat();

export const dues: DueReason[] = Object.values({
  first: [{ reason: "first" }],
  lost: [{ reason: "lost" }],
  schedule: schedules.map((schedule) => ({ reason: "schedule", schedule })),
  missed: schedules.map((schedule) => ({ reason: "missed", schedule })),
  messages: counts.map((count) => ({ reason: "messages", count })),
  conversations: counts.map((count) => ({ reason: "conversations", count })),
  event: ["app-update", "os-update", "device-switch", "7", "toString"].map((event) => ({ reason: "event", event })),
} satisfies { [Reason in DueReason["reason"]]: Extract<DueReason, { reason: Reason }>[] }).flat();

const unmet: UnmetCondition[] = [
  ...(["offline", "notWifi", "metered"] as const).map((reason) => ({ condition: "network" as const, reason })),
  { condition: "charging", reason: "notCharging" },
  { condition: "quietWindow", reason: "outsideWindow", from: "01:00", to: "05:00", metAtMs: 1 },
];

const waits: { [Why in NextRun["why"]]: (Extract<Waiting, { why: Why }> | Exclude<NextRun, Waiting>)[] } = {
  running: [{ why: "running" }],
  never: [{ why: "never" }],
  schedule: schedules.map((schedule) => ({ why: "schedule", schedule })),
  pause: dues.map((due) => ({ why: "pause", trigger: "activity", due })),
  settling: dues.map((due) => ({ why: "settling", trigger: "first", due })),
  backoff: dues.flatMap((due) => counts.map((failures) => ({ why: "backoff" as const, trigger: "schedule" as const, due, failures }))),
  conditions: dues.map((due) => ({ why: "conditions", trigger: "schedule", due, unmet })),
  due: dues.map((due) => ({ why: "due", trigger: "schedule", due })),
  user: dues.map((due) => ({ why: "user", trigger: "schedule", due, code: "STORE_FULL" })),
};
export const nextRuns: NextRun[] = Object.values(waits).flatMap((each): NextRun[] =>
  each.flatMap((run) => [run, { ...run, atMs: Date.UTC(2026, 5, 10) }]),
);

export const reminders: Reminder[] = Object.values({
  beforeEvent: ["app-update", "os-update", "device-switch", "7"].map((event) => ({
    id: "1",
    kind: "beforeEvent",
    action: "backup",
    event,
  })),
  failing: counts.map((days) => ({ id: "1", kind: "failing", action: "resolve", days })),
  userNeeded: [{ id: "1", kind: "userNeeded", action: "freeSpace", code: "STORE_FULL" }],
  damaged: [{ id: "1", kind: "damaged", action: "resolve", archiveId: "1", code: "ARCHIVE_DAMAGED" }],
  smaller: drops.map((smaller) => ({ id: "1", kind: "smaller", action: "acceptSmaller", smaller })),
  storageNearlyFull: [{ id: "1", kind: "storageNearlyFull", action: "freeSpace", percent: 95 }],
  keyUnconfirmed: [{ id: "1", kind: "keyUnconfirmed", action: "confirmKey" }],
  stale: counts.flatMap((days) =>
    [true, false].map((hasBackup) => ({ id: "1", kind: "stale" as const, action: "backup" as const, days, hasBackup })),
  ),
  newConversations: counts.map((count) => ({ id: "1", kind: "newConversations", action: "backup", count })),
  setUp: [true, false].map((isByHand) => ({ id: "1", kind: "setUp", action: "setUp", isByHand })),
} satisfies { [Kind in ReminderKind]: Extract<Reminder, { kind: Kind }>[] }).flat();

export const remaining: Progress[] = [1_000, 60_000, 300_000, 3_600_000, 7_200_000].map((remainingMs) => ({
  kind: "determinate",
  done: 1,
  total: 2,
  unit: "messages",
  remainingMs,
}));

export const closings: ClosingAdvice[] = [
  { safe: true },
  { safe: false, losing: "backup" },
  { safe: false, losing: "restore", hasBegun: false },
  { safe: false, losing: "restore", hasBegun: true },
];

const periods = Object.keys({ hour: 1, day: 1, week: 1, month: 1, year: 1 } satisfies Record<RetentionPeriod, 1>) as RetentionPeriod[];
const places = [1, 7, "all"] as const;

export const retention: RetentionReason[] = Object.values<RetentionReason[]>({
  unreadable: [{ reason: "unreadable" }],
  otherInbox: [{ reason: "otherInbox" }],
  otherNetwork: [{ reason: "otherNetwork" }],
  otherInstallation: [{ reason: "otherInstallation" }],
  future: [{ reason: "future" }],
  goneFirst: [{ reason: "goneFirst", installationId: "1" }],
  goneHoldsOther: [{ reason: "goneHoldsOther", installationId: "1" }],
  gone: [{ reason: "gone", installationId: "1" }],
  pinned: [{ reason: "pinned" }],
  named: [{ reason: "named" }],
  newestWhole: [{ reason: "newestWhole" }],
  newestOfKind: [true, false].map((isVerified) => ({ reason: "newestOfKind", isVerified })),
  revoked: [{ reason: "revoked" }],
  holdsMore: [{ reason: "holdsMore" }],
  holdsMost: [{ reason: "holdsMost" }],
  base: [
    { reason: "base", neededBy: 1 },
    { reason: "base", neededBy: 3 },
  ],
  all: [{ reason: "all" }],
  last: [{ reason: "last", place: 1, of: 5 }],
  lastPartial: [{ reason: "lastPartial", place: 1, of: 5 }],
  period: periods.flatMap((period) => places.map((of) => ({ reason: "period", period, place: 1, of }))),
  oldest: periods.flatMap((period) => places.map((of) => ({ reason: "oldest", period, of }))),
  within: [true, false].map((isByDate) => ({ reason: "within", within: "30", isByDate })),
  notWhole: partials.map((why) => ({ reason: "notWhole", why })),
  noRule: [{ reason: "noRule" }],
} satisfies { [Reason in RetentionReason["reason"]]: RetentionReason[] }).flat();
