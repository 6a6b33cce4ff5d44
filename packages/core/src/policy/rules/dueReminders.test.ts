import { describe, expect, it } from "vitest";
import { type Calendar, calendarOf } from "./calendar.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { createMemory, type PolicyMemory } from "./policyMemory.ts";
import { recordDismissed, recordShown, recordSnoozed } from "./recordReminder.ts";
import { dueReminders } from "./dueReminders.ts";
import type { ReminderFacts } from "./reminderFacts.ts";
import { dayMs, hourMs } from "../../time/wallTime.ts";

const installedAtMs = Date.parse("2026-01-01T12:00Z");

/** Somebody who was reminded of nothing yet, and who did everything that can be suggested. */
function start(given: BackupPolicy = {}) {
  const policy = normalizePolicy(given);
  const memory: PolicyMemory = {
    ...createMemory(calendarOf(policy) as Calendar, { nowMs: installedAtMs, timeZone: "UTC" }),
    lastSuccessMs: installedAtMs,
  };
  const self = {
    nowMs: installedAtMs,
    facts: { memory, isRunning: false } as ReminderFacts,
    know(facts: Partial<ReminderFacts>) {
      self.facts = { ...self.facts, ...facts };
    },
    remember(changes: Partial<PolicyMemory>) {
      self.know({ memory: { ...self.facts.memory, ...changes } });
    },
    /** What is shown at a time, recording what is new as an app would. */
    at(nowMs: number): string[] {
      self.nowMs = nowMs;
      const { shown, fresh } = dueReminders(policy, self.facts, { nowMs, timeZone: "UTC" });
      if (fresh) self.know({ memory: recordShown(self.facts.memory, fresh.id, nowMs) });
      return shown.map(({ kind }) => kind);
    },
    first: () => dueReminders(policy, self.facts, { nowMs: self.nowMs, timeZone: "UTC" }).shown[0],
  };
  return self;
}

function fresh(given: BackupPolicy = {}) {
  const app = start(given);
  const { lastSuccessMs: _none, ...memory } = app.facts.memory;
  app.know({ memory });
  return app;
}

describe("dueReminders", () => {
  it("default: nothing to suggest to somebody with a recent backup", () => expect(start().at(installedAtMs + dayMs)).toEqual([]));

  it("behavior: a day after installation, until there is a backup; at once where nothing runs automatically", () => {
    const app = fresh();
    expect(app.at(installedAtMs + 23 * hourMs)).toEqual([]);
    expect(app.at(installedAtMs + 24 * hourMs)).toEqual(["setUp"]);
    expect(app.first()).toEqual({ id: "setUp", kind: "setUp", action: "setUp", isByHand: false });
    expect(app.at(installedAtMs + 9 * dayMs)).toEqual(["setUp"]);
    app.know({ newestArchiveMs: installedAtMs + 9 * dayMs });
    expect(app.at(installedAtMs + 9 * dayMs)).toEqual([]);
    expect(fresh({ frequency: "never" }).first()).toMatchObject({ kind: "setUp", isByHand: true });
  });

  it("behavior: every month without a recent archive, once a month", () => {
    const app = start();
    const days: number[] = [];
    for (let day = 1; day <= 100; day += 1) {
      if (app.at(installedAtMs + day * dayMs).length === 0) continue;
      days.push(day);
      app.know({ memory: recordDismissed(app.facts.memory, app.first()?.id ?? "", app.nowMs) });
    }
    expect(days).toEqual([30, 60, 90]);
  });

  it("behavior: a monthly backup that is on time is not old", () => {
    const app = start({ frequency: "monthly" });
    expect(app.at(installedAtMs + 31.5 * dayMs)).toEqual([]);
    expect(app.at(installedAtMs + 32 * dayMs)).toEqual(["stale"]);
  });

  it("behavior: before an event, for a day", () => {
    const app = start();
    app.know({ askedEvents: [{ event: "os-update", atMs: installedAtMs }] });
    expect(app.first()).toMatchObject({ kind: "beforeEvent", action: "backup", event: "os-update" });
    expect(app.at(installedAtMs + hourMs)).toEqual(["beforeEvent"]);
    expect(app.at(installedAtMs + dayMs)).toEqual([]);
  });

  it("behavior: many new conversations, until the next backup", () => {
    const app = start();
    app.remember({ conversationsSince: 4 });
    expect(app.at(installedAtMs + dayMs)).toEqual([]);
    app.remember({ conversationsSince: 5 });
    expect(app.at(installedAtMs + dayMs)).toEqual(["newConversations"]);
    app.know({ memory: recordDismissed(app.facts.memory, app.first()?.id ?? "", app.nowMs) });
    app.remember({ conversationsSince: 9 });
    expect(app.at(installedAtMs + 3 * dayMs)).toEqual([]);
    app.remember({ lastSuccessMs: installedAtMs + 4 * dayMs });
    expect(app.at(installedAtMs + 5 * dayMs)).toEqual(["newConversations"]);
  });

  it("behavior: a key that the user never confirmed, for each key", () => {
    const app = start();
    app.know({ key: { fingerprint: "abc", isConfirmed: false } });
    expect(app.first()).toMatchObject({ id: "keyUnconfirmed:abc", action: "confirmKey" });
    app.know({ key: { fingerprint: "abc", isConfirmed: true } });
    expect(app.at(installedAtMs + dayMs)).toEqual([]);
  });

  it("behavior: failing days in a row, and at once when only the user can help", () => {
    const app = start();
    const failure = { count: 9, days: 2, firstAtMs: 1, lastAtMs: 2, isPermanent: false, retryAtMs: 3 };
    app.remember({ failure });
    expect(app.at(installedAtMs)).toEqual([]);
    app.remember({ failure: { ...failure, days: 3 } });
    expect(app.first()).toMatchObject({ kind: "failing", days: 3, action: "resolve" });
    app.remember({ failure: { ...failure, days: 1, isPermanent: true, code: "STORE_FULL" } });
    expect(app.first()).toMatchObject({ kind: "userNeeded", action: "freeSpace", code: "STORE_FULL" });
  });

  it("behavior: storage nearly full", () => {
    const app = start();
    app.know({ storage: { usedBytes: 899, totalBytes: 1000 } });
    expect(app.at(installedAtMs)).toEqual([]);
    app.know({ storage: { usedBytes: 955, totalBytes: 1000 } });
    expect(app.first()).toMatchObject({ kind: "storageNearlyFull", percent: 95, action: "freeSpace" });
    app.know({ storage: { usedBytes: 0, totalBytes: 0 } });
    expect(app.first()).toBeUndefined();
  });

  it("behavior: at most one new one a day, the most important first; those shown stay", () => {
    const app = fresh();
    app.know({ key: { fingerprint: "abc", isConfirmed: false }, storage: { usedBytes: 1, totalBytes: 1 } });
    expect(app.at(installedAtMs)).toEqual(["storageNearlyFull"]);
    expect(app.at(installedAtMs + 23 * hourMs)).toEqual(["storageNearlyFull"]);
    expect(app.at(installedAtMs + 24 * hourMs)).toEqual(["storageNearlyFull", "keyUnconfirmed"]);
    expect(app.at(installedAtMs + 48 * hourMs)).toEqual(["storageNearlyFull", "keyUnconfirmed", "setUp"]);
  });

  it("behavior: none while a task runs", () => {
    const app = fresh();
    app.know({ isRunning: true });
    expect(app.at(installedAtMs)).toEqual([]);
  });

  it("behavior: dismissed stays away, put off comes back when the user said", () => {
    const app = fresh({ frequency: "never" });
    app.at(installedAtMs);
    app.know({ memory: recordSnoozed(app.facts.memory, "setUp", installedAtMs + 3 * hourMs) });
    expect(app.at(installedAtMs + 2 * hourMs)).toEqual([]);
    expect(app.at(installedAtMs + 3 * hourMs)).toEqual(["setUp"]);
    app.know({ memory: recordDismissed(app.facts.memory, "setUp", app.nowMs) });
    expect(app.at(installedAtMs + 300 * dayMs)).not.toContain("setUp");
  });

  it("parameters: reminders, each off", () => {
    const all: Partial<ReminderFacts> = {
      key: { fingerprint: "abc", isConfirmed: false },
      storage: { usedBytes: 1, totalBytes: 1 },
      askedEvents: [{ event: "os-update", atMs: installedAtMs }],
    };
    const off = {
      setUp: false,
      staleDays: false,
      beforeEvents: false,
      newConversations: false,
      keyUnconfirmed: false,
      failingDays: false,
      storageUsed: false,
    } as const;
    for (const reminders of [false, off] as const) {
      const app = fresh({ reminders });
      app.know(all);
      app.remember({ conversationsSince: 99, failure: { count: 9, days: 9, firstAtMs: 1, lastAtMs: 2, isPermanent: true, retryAtMs: 3 } });
      expect(app.at(installedAtMs + 40 * dayMs)).toEqual([]);
    }
  });
});

describe("recordShown", () => {
  it("behavior: forgets what was shown long ago, but nothing that could come back", () => {
    const { memory } = start().facts;
    let shown = recordShown(recordShown(memory, "stale:1:1", installedAtMs), "setUp", installedAtMs);
    shown = recordShown(shown, "stale:1:2", installedAtMs + 401 * dayMs);
    expect(Object.keys(shown.reminders).sort()).toEqual(["setUp", "stale:1:2"]);
  });
});
