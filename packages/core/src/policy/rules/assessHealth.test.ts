import { describe, expect, it } from "vitest";
import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import type { Health } from "./health.ts";
import { type Calendar, calendarOf } from "./calendar.ts";
import { decideBackup } from "./decideBackup.ts";
import { assessHealth, type HealthFacts } from "./assessHealth.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { createMemory, type PolicyMemory } from "./policyMemory.ts";
import { verifiedArchive } from "../../../test/verifiedArchive.ts";
import { dayMs } from "../../time/wallTime.ts";

const nowMs = Date.parse("2026-06-10T12:00Z");
const verified = (daysAgo: number, inboxId = "mine") => verifiedArchive(daysAgo, nowMs - daysAgo * dayMs, inboxId);

type Given = {
  policy?: BackupPolicy;
  memory?: Partial<PolicyMemory>;
  storage?: { usedBytes: number; totalBytes: number };
  facts?: Partial<HealthFacts>;
};

function assess(
  archives: readonly ArchiveEntry[],
  { policy = { frequency: "daily" }, memory = {}, storage, facts = {} }: Given = {},
): Health {
  const full = normalizePolicy(policy);
  const calendar = calendarOf(full) as Calendar;
  const moment = { nowMs, timeZone: "UTC" };
  const remembered = { ...createMemory(calendar, { nowMs: nowMs - 100 * dayMs, timeZone: "UTC" }), handledWallMs: nowMs, ...memory };
  const decision = decideBackup(
    full,
    calendar,
    { memory: remembered, isRunning: false, conditions: {}, awakeSinceMs: nowMs, jitter: 0 },
    moment,
  );
  return assessHealth(
    full,
    calendar,
    { memory: remembered, decision, archives, inboxId: "mine", ...(storage && { storage }), ...facts },
    moment,
  );
}

const failure = { count: 1, days: 1, firstAtMs: nowMs, lastAtMs: nowMs, isPermanent: false, retryAtMs: nowMs + 60_000 };

describe("assessHealth", () => {
  it("default: ok with a recent archive that was verified", () => {
    expect(assess([verified(1), verified(2)])).toEqual({
      level: "ok",
      reason: "protected",
      daysSinceVerified: 1,
      nextRun: { why: "schedule", schedule: "daily", atMs: Date.parse("2026-06-11T02:00Z") },
    });
  });

  it("behavior: warns without a verified archive of this inbox", () => {
    const health = assess([verified(1, "theirs")], { memory: { installedAtMs: nowMs - dayMs } });
    expect(health).toMatchObject({ level: "warning", reason: "noArchive" });
    expect(health).not.toHaveProperty("daysSinceVerified");
    const { verifiedAtMs: _never, ...details } = verified(1).details ?? ({} as never);
    expect(assess([{ ...verified(1), seal: "open", details }], { memory: { installedAtMs: nowMs - dayMs } }).level).toBe("warning");
  });

  it("behavior: warns when several backups of the schedule were missed", () => {
    expect(assess([verified(2)]).level).toBe("ok");
    expect(assess([verified(3)])).toMatchObject({ level: "warning", reason: "missed", times: 3, daysSinceVerified: 3 });
    expect(assess([verified(15)], { policy: { frequency: "weekly" } }).level).toBe("ok");
    expect(assess([verified(22)], { policy: { frequency: "weekly" } }).level).toBe("warning");
    expect(assess([])).toMatchObject({ level: "warning", reason: "missed", times: 3 });
  });

  it("behavior: missed times within two days are no cause to warn", () => {
    const calendar = {
      key: "hourly",
      name: "cron" as const,
      nextWallMs: (afterMs: number) => Math.floor(afterMs / 3_600_000 + 1) * 3_600_000,
    };
    const full = normalizePolicy({ frequency: { cron: "0 * * * *" } });
    const moment = { nowMs, timeZone: "UTC" };
    const facts = {
      memory: createMemory(calendar, moment),
      decision: { action: "wait", why: "schedule", schedule: "cron" } as const,
      inboxId: "mine",
    };
    expect(assessHealth(full, calendar, { ...facts, archives: [verified(1)] }, moment).level).toBe("ok");
    expect(assessHealth(full, calendar, { ...facts, archives: [verified(2)] }, moment).level).toBe("warning");
  });

  it("behavior: warns when backups by hand are old", () => {
    const policy = { frequency: "never" } as const;
    expect(assess([verified(29)], { policy }).level).toBe("ok");
    expect(assess([verified(30)], { policy })).toMatchObject({ level: "warning", reason: "old", days: 30, nextRun: { why: "never" } });
  });

  it("behavior: failures warn, days of them and those that only the user can settle fail", () => {
    expect(assess([verified(1)], { memory: { failure } })).toMatchObject({ level: "warning", reason: "lastFailed", failures: 1 });
    expect(assess([verified(1)], { memory: { failure: { ...failure, days: 3 } } })).toMatchObject({
      level: "failing",
      reason: "failingDays",
      days: 3,
    });
    const permanent = assess([verified(1)], {
      memory: { failure: { ...failure, isPermanent: true, code: "STORE_FULL" }, handledWallMs: nowMs - dayMs },
    });
    expect(permanent).toMatchObject({
      level: "failing",
      reason: "userNeeded",
      code: "STORE_FULL",
      nextRun: { why: "user", code: "STORE_FULL" },
    });
    expect(permanent.nextRun).not.toHaveProperty("atMs");
  });

  it("behavior: warns when the place for archives is nearly full", () => {
    expect(assess([verified(1)], { storage: { usedBytes: 91, totalBytes: 100 } })).toMatchObject({
      level: "warning",
      reason: "storageNearlyFull",
      percent: 91,
    });
    expect(assess([verified(1)], { storage: { usedBytes: 89, totalBytes: 100 } }).level).toBe("ok");
  });

  it("behavior: the next run is now when a backup is due", () => {
    expect(assess([verified(1)], { memory: { handledWallMs: nowMs - dayMs } }).nextRun).toEqual({
      why: "due",
      trigger: "schedule",
      due: { reason: "missed", schedule: "daily" },
      atMs: nowMs,
    });
  });

  it("behavior: a store that could not be asked protects nobody, and says so", () => {
    const unread = { isUnread: true, keys: { usable: 1, unusable: 0, mayBeMade: false } };
    expect(assess([], { facts: unread })).toMatchObject({ level: "warning", reason: "storeUnread" });
    expect(assess([verified(1)], { facts: unread })).toMatchObject({ level: "warning", reason: "storeUnread" });
    expect(assess([], { facts: { isUnread: true } })).toMatchObject({ level: "warning", reason: "keysUnread" });
    expect(assess([], { facts: unread, memory: { failure } })).toMatchObject({ reason: "lastFailed" });
  });

  it("behavior: says that the first backup is due, or that the archives are gone, and when the next one comes", () => {
    const memory = { installedAtMs: nowMs - 1000, unprotectedSinceMs: nowMs - 1000 };
    expect(assess([], { memory })).toMatchObject({
      level: "warning",
      reason: "firstDue",
      nextRun: { why: "settling", due: { reason: "first" }, atMs: nowMs + 59_000 },
    });
    const lost = { ...memory, lastSuccessMs: nowMs - 1000 };
    expect(assess([], { memory: lost, policy: { frequency: "monthly" } })).toMatchObject({
      level: "warning",
      reason: "lost",
      nextRun: { due: { reason: "lost" }, atMs: nowMs - 1000 + dayMs },
    });
    expect(assess([], { memory, policy: { frequency: "never" } })).toMatchObject({
      level: "warning",
      reason: "noArchive",
      nextRun: { why: "never" },
    });
  });

  it("behavior: archives of another installation protect none that has no archive of its own", () => {
    const facts = { installationId: "laptop" };
    const memory = { installedAtMs: nowMs - 10 * dayMs, unprotectedSinceMs: nowMs - 10 * dayMs };
    expect(assess([verified(0), verified(1)], { memory, facts })).toMatchObject({ level: "warning", reason: "firstDue" });
    expect(assess([verified(0)], { memory: { ...memory, lastSuccessMs: nowMs - 5 * dayMs }, facts })).toMatchObject({
      level: "warning",
      reason: "lost",
    });
    // A client that holds nothing has no such time, and by hand nothing is due.
    expect(assess([verified(0)], { facts })).toMatchObject({ level: "ok", reason: "protected" });
    expect(assess([verified(0)], { memory, facts, policy: { frequency: "never" } })).toMatchObject({ level: "ok", reason: "protected" });
  });

  it("behavior: its own archives say what an installation has missed, whatever another one backs up", () => {
    const own = verified(5);
    if (own.seal !== "open") throw new Error("A simulated archive is open.");
    const archives = [verified(0), verified(1), { ...own, details: { ...own.details, installationId: "laptop" } }];
    expect(assess(archives, { facts: { installationId: "laptop" } })).toMatchObject({ reason: "missed", daysSinceVerified: 5 });
    expect(assess(archives, { facts: { installationId: "phone" } })).toMatchObject({ reason: "protected", daysSinceVerified: 0 });
  });
});
