import { describe, expect, it } from "vitest";
import type { ArchiveDetails, ArchiveEntry } from "../../archives/archiveEntry.ts";
import { type Calendar, calendarOf } from "./calendar.ts";
import { decideBackup } from "./decideBackup.ts";
import { firstBackup } from "./firstBackup.ts";
import { policyTimes } from "./policyTimes.ts";
import type { Observation } from "./observation.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { createMemory, type PolicyMemory, settleMemory } from "./policyMemory.ts";
import { beginPolicy, lookAgain } from "./policyState.ts";
import { recordCancelled, recordFailure, recordRestored, recordSuccess } from "./recordOutcome.ts";
import { recordProtection } from "./recordProtection.ts";
import { verifiedArchive } from "../../../test/verifiedArchive.ts";
import { dayMs, hourMs, minuteMs } from "../../time/wallTime.ts";

const { firstSettlingMs, firstSpreadMs, lostRestMs } = policyTimes;
const startMs = Date.parse("2026-06-10T12:00Z");
const me = "mine";
const own = verifiedArchive(1, startMs - dayMs, me);

function made(details: Partial<ArchiveDetails>): ArchiveEntry {
  return own.seal === "open" ? { ...own, details: { ...own.details, ...details } } : own;
}

/** An installation with history, on a clock that the test sets. */
function start(given: BackupPolicy = {}) {
  const policy = normalizePolicy(given);
  const calendar = calendarOf(policy) as Calendar;
  const self = {
    nowMs: startMs,
    awakeSinceMs: startMs,
    jitter: 0,
    memory: createMemory(calendar, { nowMs: startMs, timeZone: "UTC" }),
    /** What is known of the world, and what is decided then. */
    see(seen: Partial<Observation>, afterMs = 0) {
      self.nowMs += afterMs;
      const moment = { nowMs: self.nowMs, timeZone: "UTC" };
      const settled = settleMemory(JSON.parse(JSON.stringify(self.memory)) as PolicyMemory, calendar, moment);
      self.memory = recordProtection(settled, { nowMs: self.nowMs, inboxId: me, installationId: me, archives: [], ...seen }, policy);
      const { memory, awakeSinceMs, jitter } = self;
      return decideBackup(policy, calendar, { memory, isRunning: false, conditions: seen.conditions ?? {}, awakeSinceMs, jitter }, moment);
    },
    succeed: () => (self.memory = recordSuccess(self.memory, { startedAtMs: self.nowMs, messages: 0, conversations: 0 }, "UTC")),
  };
  return self;
}

describe("the first backup", () => {
  it("default: is due once the app has settled, and says so before", () => {
    const app = start();
    expect(app.see({})).toEqual({
      action: "wait",
      why: "settling",
      trigger: "first",
      due: { reason: "first" },
      untilMs: startMs + firstSettlingMs,
    });
    expect(app.see({}, firstSettlingMs)).toEqual({ action: "backup", trigger: "first", due: { reason: "first" } });
    app.succeed();
    expect(app.see({ archives: [made({})] })).toMatchObject({ action: "wait", why: "schedule" });
  });

  it("parameters: jitter: clients that start together do not back up together", () => {
    const app = start();
    app.jitter = 1;
    expect(app.see({})).toMatchObject({ untilMs: startMs + firstSettlingMs + firstSpreadMs });
  });

  it("behavior: comes in an app that is open for half a minute each time", () => {
    const app = start();
    app.jitter = 0.5;
    for (let visit = 0; visit < 3; visit += 1) {
      app.awakeSinceMs = app.nowMs;
      expect(app.see({}, 0).action).toBe("wait");
      const decision = app.see({}, 30_000);
      if (decision.action === "backup") return expect(visit).toBe(1);
      app.nowMs += hourMs;
    }
    expect.fail("It never came.");
  });

  it.each<[string, Partial<Observation>]>([
    ["an archive of this installation", { archives: [made({})] }],
    ["one that lacks something, since another would lack the same", { archives: [made({ missingMessages: 3 })] }],
    ["one of the future, which a wrong clock made", { archives: [{ ...made({}), createdAtMs: startMs + dayMs }] }],
    ["a client without a conversation", { isEmpty: true }],
    [
      "archives that the keys of this device may open once they are at hand",
      { archives: [{ ...own, seal: "otherKey" } as ArchiveEntry], keys: { usable: 0, unusable: 0, mayBeMade: false } },
    ],
  ])("behavior: is not due with %s", (_what, seen) => {
    expect(start().see(seen, hourMs)).toMatchObject({ action: "wait", why: "schedule" });
  });

  it("behavior: is not due while the store can't be asked, and keeps its time", () => {
    const app = start();
    app.see({});
    expect(app.see({ archives: undefined } as never, 30_000)).toMatchObject({ untilMs: startMs + firstSettlingMs });
    const away = start();
    expect(away.see({ archives: undefined } as never, hourMs)).toMatchObject({ why: "schedule" });
    expect(away.see({})).toMatchObject({ why: "settling", untilMs: startMs + hourMs + firstSettlingMs });
  });

  it.each<[string, Partial<ArchiveDetails>]>([
    ["another inbox", { inboxId: "theirs" }],
    ["another installation", { installationId: "theirs" }],
    ["a part of the time", { startNs: 1n }],
    ["messages alone", { elements: ["messages"] }],
    ["no disappearing messages", { withoutDisappearing: true }],
  ])("behavior: is due with an archive of %s only", (_what, details) => {
    const app = start();
    app.see({ archives: [made(details)] });
    expect(app.see({ archives: [made(details)] }, 2 * minuteMs)).toMatchObject({ action: "backup", trigger: "first" });
  });

  it("parameters: elements, excludeDisappearingMessages: what the policy leaves out is not missed", () => {
    expect(start({ elements: ["messages"] }).see({ archives: [made({ elements: ["messages"] })] })).toMatchObject({ why: "schedule" });
    expect(start({ excludeDisappearingMessages: true }).see({ archives: [made({ withoutDisappearing: true })] })).toMatchObject({
      why: "schedule",
    });
  });

  it("parameters: frequency: with never, nothing begins", () => {
    const app = start({ frequency: "never" });
    app.see({});
    expect(app.see({}, dayMs)).toEqual({ action: "wait", why: "never" });
  });

  it("parameters: conditions hold, and it comes when they are met", () => {
    const app = start({ conditions: { charging: true } });
    app.see({});
    expect(app.see({ conditions: { charging: false } }, hourMs)).toMatchObject({
      why: "conditions",
      trigger: "first",
      unmet: [{ reason: "notCharging" }],
    });
    expect(app.see({ conditions: { charging: true } })).toMatchObject({ action: "backup", trigger: "first" });
  });

  it("behavior: a failure backs off, and a cancel by the user puts it off for a day", () => {
    const app = start({ frequency: "monthly" });
    app.see({});
    app.see({}, 2 * minuteMs);
    app.memory = recordFailure(app.memory, { atMs: app.nowMs, code: "STORE_UNAVAILABLE", jitter: 0 }, "UTC");
    expect(app.see({})).toMatchObject({ why: "backoff", trigger: "first", failures: 1, untilMs: app.nowMs + minuteMs });
    expect(app.see({}, minuteMs)).toMatchObject({ action: "backup", trigger: "first" });
    app.memory = recordCancelled(app.memory, app.nowMs, "UTC");
    expect(app.see({}, minuteMs)).toMatchObject({ action: "wait", why: "settling", untilMs: app.nowMs - minuteMs + dayMs });
    expect(app.see({}, dayMs)).toMatchObject({ action: "backup", trigger: "first" });
  });

  it("behavior: waits a day after a restore that brought a part alone, until one succeeds or the user backs up", () => {
    const app = start({ frequency: "monthly" });
    app.see({});
    app.memory = recordRestored(app.memory, { isFinished: false, atMs: app.nowMs });
    expect(app.see({}, hourMs)).toMatchObject({ action: "wait", why: "settling", untilMs: startMs + dayMs });
    const unfinished = app.memory;
    app.memory = recordRestored(unfinished, { isFinished: true, atMs: app.nowMs });
    expect(app.see({})).toMatchObject({ action: "backup", trigger: "first" });
    app.memory = recordSuccess(unfinished, { startedAtMs: app.nowMs, messages: 0, conversations: 0 }, "UTC");
    expect(app.memory).not.toHaveProperty("unfinishedRestoreMs");
    app.memory = unfinished;
    expect(app.see({}, dayMs)).toMatchObject({ action: "backup", trigger: "first" });
    // A clock that was wrong then holds it back for a day at most.
    app.memory = { ...unfinished, unfinishedRestoreMs: app.nowMs + 400 * dayMs };
    expect(app.see({})).toMatchObject({ untilMs: app.nowMs + dayMs });
  });

  it("behavior: one that is lost is made up for, but not more often than once a day", () => {
    const app = start({ frequency: "monthly" });
    app.see({});
    let backups = 0;
    for (let hour = 0; hour < 10 * 24; hour += 1) {
      if (app.see({}, hourMs).action !== "backup") continue;
      app.succeed();
      backups += 1;
    }
    expect(backups).toBe(10);
    expect(app.see({ archives: [made({})] }, dayMs)).toMatchObject({ why: "schedule" });
    expect(app.see({})).toMatchObject({ why: "settling", due: { reason: "lost" } });
    expect(app.see({}, minuteMs)).toMatchObject({ action: "backup", due: { reason: "lost" } });
  });

  it("behavior: one that can't be read back protects nobody", () => {
    const app = start({ frequency: "monthly" });
    app.memory = { ...app.memory, lastSuccessMs: startMs - 2 * dayMs, damage: { id: own.id, code: "ARCHIVE_DAMAGED", foundAtMs: startMs } };
    app.see({ archives: [made({})] });
    expect(app.see({ archives: [made({})] }, minuteMs)).toMatchObject({ action: "backup", trigger: "first", due: { reason: "lost" } });
  });

  it("behavior: a clock that was set back does not put it off", () => {
    const app = start();
    app.see({}, 400 * dayMs);
    app.nowMs = startMs;
    app.awakeSinceMs = startMs;
    expect(app.see({})).toMatchObject({ why: "settling", untilMs: startMs + firstSettlingMs });
    expect(app.see({}, firstSettlingMs)).toMatchObject({ action: "backup" });
  });
});

describe("an installation beside another one that backs up daily", () => {
  const policy = normalizePolicy({ frequency: "daily", conditions: { network: "wifi" } });
  const calendar = calendarOf(policy) as Calendar;
  const conditions = { online: true, wifi: false };
  const seenAt = (nowMs: number, more: Partial<Observation> = {}): Observation => {
    const keys = { usable: 1, unusable: 0, mayBeMade: true };
    return {
      nowMs,
      timeZone: "UTC",
      inboxId: me,
      installationId: "laptop",
      conditions,
      archives: [verifiedArchive(1, nowMs - hourMs, me)],
      keys,
      random: 0,
      ...more,
    };
  };

  it("behavior: its health says firstDue while its first backup waits, and after a day the user is asked", () => {
    const began = beginPolicy(policy, calendar, seenAt(startMs), {});
    expect(began.health).toMatchObject({ level: "warning", reason: "firstDue" });
    expect(began.reminders).toEqual([]);
    const later = lookAgain(began, seenAt(startMs + 10 * dayMs), { woke: true });
    expect(later.health).toMatchObject({ level: "warning", reason: "firstDue", nextRun: { why: "conditions" } });
    expect(later.reminders).toMatchObject([{ kind: "setUp", isByHand: false }]);
  });

  it("behavior: one that holds nothing is asked for nothing", () => {
    const later = lookAgain(
      beginPolicy(policy, calendar, seenAt(startMs, { isEmpty: true }), {}),
      seenAt(startMs + 10 * dayMs, { isEmpty: true }),
      { woke: true },
    );
    expect(later.health).toMatchObject({ level: "ok", reason: "protected" });
    expect(later.reminders).toEqual([]);
  });
});

describe("firstBackup", () => {
  it("behavior: none while this installation is protected", () => {
    expect(firstBackup(start().memory, 0)).toBeUndefined();
  });

  it("behavior: rests after the last backup", () => {
    const memory = { ...start().memory, unprotectedSinceMs: startMs, lastSuccessMs: startMs };
    expect(firstBackup(memory, 0)).toEqual({ atMs: startMs + lostRestMs, due: { reason: "lost" } });
  });
});
