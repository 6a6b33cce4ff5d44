import type { Reminder } from "./reminder.ts";
import { eventReminder } from "./eventReminder.ts";
import type { Moment } from "./moment.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { ReminderSettings } from "./reminderSettings.ts";
import type { ReminderFacts } from "./reminderFacts.ts";
import { dayMs } from "../../time/wallTime.ts";

/** How long an event that the user is asked about stays about to happen. */
const eventLastsMs = dayMs;

type Settings = Required<ReminderSettings>;

/** Every reminder that has a cause, the most important first; whether it is shown is another question. */
export function possibleReminders(policy: FullPolicy, settings: Settings, facts: ReminderFacts, { nowMs }: Moment): Reminder[] {
  const lastMs = Math.max(facts.memory.lastSuccessMs ?? -Infinity, facts.newestArchiveMs ?? -Infinity);
  return [
    ...beforeEvents(settings, facts, nowMs),
    ...failing(settings, facts),
    ...damaged(settings, facts),
    ...smallerThanBefore(settings, facts),
    ...storageNearlyFull(settings, facts, nowMs),
    ...keyUnconfirmed(settings, facts),
    ...stale(policy, settings, facts, lastMs, nowMs),
    ...newConversations(settings, facts),
    ...setUp(policy, settings, facts, lastMs, nowMs),
  ];
}

function beforeEvents({ beforeEvents: isOn }: Settings, { askedEvents = [] }: ReminderFacts, nowMs: number): Reminder[] {
  const current = askedEvents.filter(({ atMs }) => isOn && atMs <= nowMs && atMs > nowMs - eventLastsMs);
  return current.map(({ event, atMs }) => eventReminder(event, atMs));
}

function failing({ failingDays }: Settings, { memory: { failure } }: ReminderFacts): Reminder[] {
  if (!failure || failingDays === false || !(failure.isPermanent || failure.days >= failingDays)) return [];
  const { isPermanent, code, days, firstAtMs } = failure;
  const id = `failing:${firstAtMs}${isPermanent ? `:${code}` : ""}`;
  if (!isPermanent) return [{ id, kind: "failing", action: "resolve", days }];
  const action = code === "STORE_FULL" || code === "DEVICE_FULL" ? "freeSpace" : "resolve";
  return [{ id, kind: "userNeeded", action, ...(code !== undefined && { code }) }];
}

function damaged({ failingDays }: Settings, { memory: { damage } }: ReminderFacts): Reminder[] {
  if (!damage || failingDays === false) return [];
  return [{ id: `damaged:${damage.id}`, kind: "damaged", action: "resolve", archiveId: damage.id, code: damage.code }];
}

/** Another drop has an id of its own: by then the newest archive, or the one that it is compared with, is another or counts as less. */
function smallerThanBefore({ smaller: isOn }: Settings, { smaller }: ReminderFacts): Reminder[] {
  if (!isOn || !smaller) return [];
  const { archiveId, messages, conversations } = smaller.than;
  return [{ id: `smaller:${archiveId}:${messages}:${conversations}`, kind: "smaller", action: "acceptSmaller", smaller }];
}

function storageNearlyFull({ storageUsed }: Settings, { storage }: ReminderFacts, nowMs: number): Reminder[] {
  if (storageUsed === false || !storage || storage.totalBytes <= 0) return [];
  const part = storage.usedBytes / storage.totalBytes;
  if (part < storageUsed) return [];
  const id = `storageNearlyFull:${new Date(nowMs).toISOString().slice(0, 7)}`;
  return [{ id, kind: "storageNearlyFull", action: "freeSpace", percent: Math.floor(part * 100) }];
}

function keyUnconfirmed({ keyUnconfirmed: isOn }: Settings, { key }: ReminderFacts): Reminder[] {
  if (!isOn || !key || key.isConfirmed) return [];
  return [{ id: `keyUnconfirmed:${key.fingerprint}`, kind: "keyUnconfirmed", action: "confirmKey" }];
}

/** How old a monthly backup is that is on time: up to 31 days, and some hours of the day on which the next one is due. */
const monthlyDays = 32;

/** Comes back with every further span of the same length, under an id of its own. */
function stale({ frequency }: FullPolicy, { staleDays }: Settings, { memory }: ReminderFacts, lastMs: number, nowMs: number): Reminder[] {
  if (staleDays === false) return [];
  const sinceMs = lastMs > -Infinity ? lastMs : memory.installedAtMs;
  const days = Math.floor((nowMs - sinceMs) / dayMs);
  const leastDays = frequency === "monthly" ? Math.max(staleDays, monthlyDays) : staleDays;
  if (days < leastDays) return [];
  return [{ id: `stale:${sinceMs}:${Math.floor(days / leastDays)}`, kind: "stale", action: "backup", days, hasBackup: lastMs > -Infinity }];
}

function newConversations({ newConversations: least }: Settings, { memory }: ReminderFacts): Reminder[] {
  const { conversationsSince, lastSuccessMs = 0 } = memory;
  if (least === false || conversationsSince < least) return [];
  return [{ id: `newConversations:${lastSuccessMs}`, kind: "newConversations", action: "backup", count: conversationsSince }];
}

/** How long the first backup may take to come automatically before the user is asked. */
const firstTakesMs = dayMs;

function setUp({ frequency }: FullPolicy, { setUp: isOn }: Settings, { memory }: ReminderFacts, lastMs: number, nowMs: number): Reminder[] {
  const isByHand = frequency === "never";
  if (!isOn || lastMs > -Infinity || (!isByHand && nowMs - memory.installedAtMs < firstTakesMs)) return [];
  return [{ id: "setUp", kind: "setUp", action: "setUp", isByHand }];
}
