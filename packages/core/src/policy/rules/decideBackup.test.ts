import { describe, expect, it } from "vitest";
import { type Calendar, calendarOf } from "./calendar.ts";
import { type BackupDecision, type BackupFacts, decideBackup } from "./decideBackup.ts";
import { momentOf } from "./moment.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { createMemory, isPolicyMemory, type PolicyMemory, settleMemory } from "./policyMemory.ts";
import { countActivity, recordCancelled, recordFailure, recordSuccess, retryNow } from "./recordOutcome.ts";

/** A policy on a clock that the test sets; Wednesday noon to begin with. */
function start(given: BackupPolicy, timeZone = "UTC") {
  const policy = normalizePolicy(given);
  const calendar = calendarOf(policy) as Calendar;
  const startMs = Date.parse("2026-06-10T12:00Z");
  const self = {
    nowMs: startMs,
    timeZone,
    memory: createMemory(calendar, momentOf(policy, startMs, timeZone)),
    facts: { isRunning: false, conditions: {}, awakeSinceMs: startMs, jitter: 0 } as Omit<BackupFacts, "memory">,
    at(time: string): BackupDecision {
      self.nowMs = Date.parse(time);
      const moment = momentOf(policy, self.nowMs, self.timeZone);
      self.memory = settleMemory(JSON.parse(JSON.stringify(self.memory)) as PolicyMemory, calendar, moment);
      return decideBackup(policy, calendar, { ...self.facts, memory: self.memory }, moment);
    },
    succeed() {
      const { messagesSince: messages, conversationsSince: conversations } = self.memory;
      self.memory = recordSuccess(self.memory, { startedAtMs: self.nowMs, messages, conversations }, self.timeZone);
    },
    fail(code?: string) {
      self.memory = recordFailure(self.memory, { atMs: self.nowMs, code, jitter: 0 }, self.timeZone);
    },
  };
  return self;
}

describe("decideBackup", () => {
  it("default: waits for the time of the schedule, runs then, and waits for the next one", () => {
    const app = start({ frequency: "daily" });
    expect(app.at("2026-06-10T12:00Z")).toEqual({
      action: "wait",
      why: "schedule",
      schedule: "daily",
      untilMs: Date.parse("2026-06-11T02:00Z"),
    });
    expect(app.at("2026-06-11T02:00Z")).toEqual({ action: "backup", trigger: "schedule", due: { reason: "schedule", schedule: "daily" } });
    app.succeed();
    expect(app.at("2026-06-11T02:00Z")).toMatchObject({ action: "wait", untilMs: Date.parse("2026-06-12T02:00Z") });
  });

  it("behavior: many missed times run once, a few seconds after the next start", () => {
    const app = start({ frequency: "daily" });
    app.facts = { ...app.facts, awakeSinceMs: Date.parse("2026-07-20T09:00Z"), jitter: 0.7 };
    expect(app.at("2026-07-20T09:00Z")).toMatchObject({
      action: "wait",
      why: "settling",
      trigger: "schedule",
      untilMs: Date.parse("2026-07-20T09:00:07Z"),
    });
    expect(app.at("2026-07-20T09:00:07Z")).toEqual({ action: "backup", trigger: "schedule", due: { reason: "missed", schedule: "daily" } });
    app.succeed();
    expect(app.at("2026-07-20T09:00:08Z")).toMatchObject({ action: "wait", untilMs: Date.parse("2026-07-21T02:00Z") });
  });

  it("behavior: a start that lies in the future, after the clock was set back, delays nothing", () => {
    const app = start({ frequency: "daily" });
    app.facts = { ...app.facts, awakeSinceMs: Date.parse("2027-01-01T00:00Z"), jitter: 1 };
    expect(app.at("2026-06-11T03:00Z")).toMatchObject({ action: "backup" });
  });

  it("parameters: isRunning, and events that arrived meanwhile", () => {
    const app = start({ frequency: "daily" });
    app.facts = { ...app.facts, isRunning: true, events: ["app-update"] };
    expect(app.at("2026-06-11T02:00Z")).toEqual({ action: "wait", why: "running" });
    app.facts = { ...app.facts, isRunning: false };
    expect(app.at("2026-06-11T02:00Z")).toEqual({ action: "backup", trigger: "event", due: { reason: "event", event: "app-update" } });
  });

  it("behavior: one backup answers for everything that was due when it began", () => {
    const app = start({ frequency: "daily", afterMessages: 10 });
    app.memory = countActivity(app.memory, { messages: 25 });
    expect(app.at("2026-06-11T02:00Z")).toMatchObject({ action: "backup", trigger: "schedule" });
    app.succeed();
    expect(app.memory.messagesSince).toBe(0);
    expect(app.at("2026-06-11T02:01Z")).toMatchObject({ action: "wait", why: "schedule" });
  });

  it("behavior: what arrives while a backup runs counts for the next one", () => {
    const app = start({ afterMessages: 10 });
    app.memory = countActivity(app.memory, { messages: 10, conversations: 1 });
    expect(app.at("2026-06-10T13:00Z")).toMatchObject({ action: "backup", trigger: "activity" });
    const began = { startedAtMs: app.nowMs, messages: app.memory.messagesSince, conversations: app.memory.conversationsSince };
    app.memory = countActivity(app.memory, { messages: 4 });
    app.memory = recordSuccess(app.memory, began, "UTC");
    expect(app.memory).toMatchObject({ messagesSince: 4, conversationsSince: 0 });
  });

  it("parameters: afterMessages, afterConversations, activityPause", () => {
    const app = start({ frequency: "monthly", afterMessages: 5, afterConversations: 2, activityPause: "6h" });
    app.memory = countActivity(app.memory, { messages: 4, conversations: 1 });
    expect(app.at("2026-06-10T12:01Z")).toMatchObject({ action: "wait" });
    app.memory = countActivity(app.memory, { conversations: 1 });
    expect(app.at("2026-06-10T12:02Z")).toEqual({
      action: "backup",
      trigger: "activity",
      due: { reason: "conversations", count: 2 },
    });
    app.succeed();
    app.memory = countActivity(app.memory, { messages: 5 });
    expect(app.at("2026-06-10T12:03Z")).toMatchObject({
      action: "wait",
      why: "pause",
      trigger: "activity",
      due: { reason: "messages", count: 5 },
      untilMs: Date.parse("2026-06-10T18:02Z"),
    });
    expect(app.at("2026-06-10T18:02Z")).toMatchObject({ action: "backup", due: { reason: "messages", count: 5 } });
    const off = start({ frequency: "monthly", afterMessages: false });
    off.memory = countActivity(off.memory, { messages: 1e6, conversations: 1e6 });
    expect(off.at("2026-06-10T12:01Z")).toMatchObject({ action: "wait", why: "schedule" });
  });

  it("behavior: with never, nothing runs by itself", () => {
    const app = start({ frequency: "never", afterMessages: 1 });
    app.memory = countActivity(app.memory, { messages: 1000, conversations: 1000 });
    expect(app.at("2030-01-01T00:00Z")).toEqual({ action: "wait", why: "never" });
  });

  it("behavior: a backup by hand deals with what was missed before it, and resets the counts", () => {
    const app = start({ frequency: "daily", afterMessages: 10 });
    app.memory = countActivity(app.memory, { messages: 9 });
    app.at("2026-06-11T01:59Z");
    app.succeed();
    app.memory = countActivity(app.memory, { messages: 9 });
    expect(app.at("2026-06-11T01:59:30Z")).toMatchObject({ action: "wait", untilMs: Date.parse("2026-06-11T02:00Z") });
    expect(app.at("2026-06-11T02:00Z")).toMatchObject({ action: "backup", trigger: "schedule" });
  });

  it("behavior: failures back off, keep what is due, and end with a success", () => {
    const app = start({ frequency: "daily" });
    app.at("2026-06-11T02:00Z");
    app.fail("STORE_UNAVAILABLE");
    expect(app.at("2026-06-11T02:00:30Z")).toMatchObject({
      action: "wait",
      why: "backoff",
      trigger: "schedule",
      untilMs: Date.parse("2026-06-11T02:01Z"),
    });
    expect(app.at("2026-06-11T02:01Z")).toMatchObject({ action: "backup" });
    app.fail();
    expect(app.at("2026-06-11T02:01:01Z")).toMatchObject({
      why: "backoff",
      failures: 2,
      due: { reason: "schedule", schedule: "daily" },
      untilMs: Date.parse("2026-06-11T02:03Z"),
    });
    app.memory = retryNow(app.memory, app.nowMs, "network");
    expect(app.at("2026-06-11T02:01:02Z")).toMatchObject({ action: "backup" });
    app.succeed();
    expect(app.memory.failure).toBeUndefined();
  });

  it("behavior: counts the days of failures, not the attempts", () => {
    const app = start({ frequency: "daily" });
    for (const time of ["2026-06-11T02:00Z", "2026-06-11T20:00Z", "2026-06-12T02:00Z"]) {
      app.at(time);
      app.fail();
    }
    expect(app.memory.failure).toMatchObject({ count: 3, days: 2, firstAtMs: Date.parse("2026-06-11T02:00Z"), isPermanent: false });
  });

  it("behavior: a failure that only the user can settle asks them instead of trying again", () => {
    const app = start({ frequency: "daily" });
    app.at("2026-06-11T02:00Z");
    app.fail("STORE_FULL");
    expect(app.at("2026-06-20T02:00Z")).toMatchObject({ action: "ask", trigger: "schedule", code: "STORE_FULL" });
    app.memory = retryNow(app.memory, app.nowMs, "network");
    expect(app.at("2026-06-20T02:00Z")).toMatchObject({ action: "ask" });
    app.memory = retryNow(app.memory, app.nowMs, "user");
    expect(app.at("2026-06-20T02:00Z")).toMatchObject({ action: "backup" });
  });

  it("behavior: asks only when something is due", () => {
    const app = start({ frequency: "monthly" });
    app.fail("KEY_WRONG");
    expect(app.at("2026-06-11T02:00Z")).toMatchObject({ action: "wait", why: "schedule" });
  });

  it("behavior: a backup that the user cancelled is not due again before the next time", () => {
    const app = start({ frequency: "daily", afterMessages: 10 });
    app.memory = countActivity(app.memory, { messages: 50 });
    app.at("2026-06-11T02:00Z");
    app.memory = recordCancelled(app.memory, app.nowMs, "UTC");
    expect(app.at("2026-06-11T02:00:01Z")).toMatchObject({ action: "wait", why: "schedule", untilMs: Date.parse("2026-06-12T02:00Z") });
    expect(app.at("2026-06-12T02:00Z")).toMatchObject({ action: "backup" });
  });

  it("parameters: conditions", () => {
    const app = start({ frequency: "daily", conditions: { charging: true, quietWindow: { from: "01:00", to: "05:00" } } });
    app.facts = { ...app.facts, conditions: { charging: false } };
    const waiting = app.at("2026-06-11T02:00Z");
    expect(waiting).toMatchObject({
      action: "wait",
      why: "conditions",
      due: { reason: "schedule" },
      unmet: [{ condition: "charging", reason: "notCharging" }],
    });
    expect(waiting).not.toHaveProperty("untilMs");
    expect(app.at("2026-06-11T09:00Z")).toMatchObject({
      untilMs: Date.parse("2026-06-12T01:00Z"),
      unmet: [{ condition: "charging" }, { condition: "quietWindow" }],
    });
    app.facts = { ...app.facts, conditions: {} };
    expect(app.at("2026-06-12T01:00Z")).toMatchObject({ action: "backup" });
  });

  it("parameters: timeZone, the policy's own before the user's", () => {
    expect(start({ frequency: "daily" }, "Asia/Tokyo").at("2026-06-10T12:00Z")).toMatchObject({ untilMs: Date.parse("2026-06-10T17:00Z") });
    const app = start({ frequency: "daily", timeZone: "America/New_York" }, "UTC");
    expect(app.at("2026-06-10T12:00Z")).toMatchObject({ untilMs: Date.parse("2026-06-11T06:00Z") });
  });
});

describe("isPolicyMemory", () => {
  it("default: what was written is read back, what was not is as good as none", () => {
    const { memory } = start({});
    expect(isPolicyMemory(JSON.parse(JSON.stringify(memory)))).toBe(true);
    for (const note of [
      undefined,
      null,
      1,
      "",
      {},
      { ...memory, handledWallMs: "soon" },
      { ...memory, schedule: 1 },
      { ...memory, reminders: null },
    ]) {
      expect(isPolicyMemory(note)).toBe(false);
    }
  });
});

describe("settleMemory", () => {
  it("default: the same object when nothing is out of line", () => {
    const app = start({ frequency: "daily" });
    const calendar = calendarOf(normalizePolicy({ frequency: "daily" })) as Calendar;
    expect(settleMemory(app.memory, calendar, { nowMs: app.nowMs + 1, timeZone: "UTC" })).toBe(app.memory);
  });

  it("behavior: a new schedule owes nothing of the past", () => {
    const app = start({ frequency: "monthly" });
    const daily = normalizePolicy({ frequency: "daily" });
    const calendar = calendarOf(daily) as Calendar;
    const nowMs = Date.parse("2026-06-20T12:00Z");
    const memory = settleMemory(app.memory, calendar, { nowMs, timeZone: "UTC" });
    const decision = decideBackup(daily, calendar, { ...app.facts, memory }, { nowMs, timeZone: "UTC" });
    expect(decision).toMatchObject({ action: "wait", untilMs: Date.parse("2026-06-21T02:00Z") });
  });

  it("behavior: nothing waits for a day that a wrong clock showed", () => {
    const app = start({ frequency: "daily" });
    app.at("2031-01-01T00:00Z");
    app.succeed();
    app.memory = { ...app.memory, lastVerificationMs: app.nowMs, reminders: { setUp: { shownAtMs: app.nowMs } } };
    app.fail();
    expect(app.at("2026-06-10T13:00Z")).toMatchObject({ action: "wait", why: "schedule", untilMs: Date.parse("2026-06-11T02:00Z") });
    expect(app.memory).toMatchObject({
      lastSuccessMs: app.nowMs,
      lastVerificationMs: app.nowMs,
      failure: { retryAtMs: app.nowMs },
      reminders: { setUp: { shownAtMs: app.nowMs } },
    });
  });

  it("behavior: a flight to the west neither repeats a day nor waits for one", () => {
    const app = start({ frequency: "daily" }, "Asia/Tokyo");
    expect(app.at("2026-06-10T17:00Z")).toMatchObject({ action: "backup" });
    app.succeed();
    app.timeZone = "America/Los_Angeles";
    expect(app.at("2026-06-11T09:30Z")).toMatchObject({ action: "wait", untilMs: Date.parse("2026-06-12T09:00Z") });
  });
});
