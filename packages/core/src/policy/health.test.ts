import { describe, expect, it } from "vitest";
import type { ArchiveEntry } from "../model/archiveEntry.ts";
import { type Calendar, calendarOf } from "./calendar.ts";
import { decideBackup } from "./decideBackup.ts";
import { assessHealth, type Health } from "./health.ts";
import { type BackupPolicy, normalizePolicy } from "./policy.ts";
import { createMemory, type PolicyMemory } from "./policyMemory.ts";
import { simulatedArchive } from "./simulation.ts";
import { dayMs } from "./wallTime.ts";

const nowMs = Date.parse("2026-06-10T12:00Z");
const verified = (daysAgo: number, inboxId = "mine") => simulatedArchive(daysAgo, nowMs - daysAgo * dayMs, inboxId);

type Given = { policy?: BackupPolicy; memory?: Partial<PolicyMemory>; storage?: { usedBytes: number; totalBytes: number } };

function assess(archives: readonly ArchiveEntry[], { policy = { frequency: "daily" }, memory = {}, storage }: Given = {}): Health {
  const full = normalizePolicy(policy);
  const calendar = calendarOf(full) as Calendar;
  const moment = { nowMs, timeZone: "UTC" };
  const remembered = { ...createMemory(calendar, { nowMs: nowMs - 100 * dayMs, timeZone: "UTC" }), handledWallMs: nowMs, ...memory };
  const decision = decideBackup(full, calendar, { memory: remembered, isRunning: false, conditions: {}, awakeSinceMs: nowMs, jitter: 0 }, moment);
  return assessHealth(full, calendar, { memory: remembered, decision, archives, inboxId: "mine", ...(storage && { storage }) }, moment);
}

const failure = { count: 1, days: 1, firstAtMs: nowMs, lastAtMs: nowMs, isPermanent: false, retryAtMs: nowMs + 60_000 };

describe("assessHealth", () => {
  it("default: ok with a recent archive that was verified", () => {
    expect(assess([verified(1), verified(2)])).toEqual({
      level: "ok",
      reason: "There is a recent archive that was verified.",
      daysSinceVerified: 1,
      nextRun: { atMs: Date.parse("2026-06-11T02:00Z"), reason: "the next daily backup is not due yet" },
    });
  });

  it("behavior: warns without a verified archive of this inbox", () => {
    const health = assess([verified(1, "theirs")], { memory: { installedAtMs: nowMs - dayMs } });
    expect(health).toMatchObject({ level: "warning", reason: "There is no verified archive yet." });
    expect(health).not.toHaveProperty("daysSinceVerified");
    const { verifiedAtMs: _never, ...details } = verified(1).details ?? ({} as never);
    expect(assess([{ ...verified(1), seal: "open", details }], { memory: { installedAtMs: nowMs - dayMs } }).level).toBe("warning");
  });

  it("behavior: warns when several backups of the schedule were missed", () => {
    expect(assess([verified(2)]).level).toBe("ok");
    expect(assess([verified(3)])).toMatchObject({ level: "warning", reason: "More than 2 backups of the schedule were missed.", daysSinceVerified: 3 });
    expect(assess([verified(15)], { policy: { frequency: "weekly" } }).level).toBe("ok");
    expect(assess([verified(22)], { policy: { frequency: "weekly" } }).level).toBe("warning");
    expect(assess([])).toMatchObject({ level: "warning", reason: "More than 2 backups of the schedule were missed." });
  });

  it("behavior: missed times within two days are no cause to warn", () => {
    const calendar = { key: "hourly", name: "hourly backup", nextWallMs: (afterMs: number) => Math.floor(afterMs / 3_600_000 + 1) * 3_600_000 };
    const full = normalizePolicy({ frequency: { cron: "0 * * * *" } });
    const moment = { nowMs, timeZone: "UTC" };
    const facts = { memory: createMemory(calendar, moment), decision: { action: "wait", why: "schedule", reason: "" } as const, inboxId: "mine" };
    expect(assessHealth(full, calendar, { ...facts, archives: [verified(1)] }, moment).level).toBe("ok");
    expect(assessHealth(full, calendar, { ...facts, archives: [verified(2)] }, moment).level).toBe("warning");
  });

  it("behavior: warns when backups by hand are old", () => {
    const policy = { frequency: "never" } as const;
    expect(assess([verified(29)], { policy }).level).toBe("ok");
    expect(assess([verified(30)], { policy })).toMatchObject({ level: "warning", nextRun: { reason: "backups are made by hand only" } });
  });

  it("behavior: failures warn, days of them and those that only the user can settle fail", () => {
    expect(assess([verified(1)], { memory: { failure } })).toMatchObject({ level: "warning" });
    expect(assess([verified(1)], { memory: { failure: { ...failure, days: 3 } } })).toMatchObject({ level: "failing" });
    const permanent = assess([verified(1)], { memory: { failure: { ...failure, isPermanent: true, code: "STORE_FULL" }, handledWallMs: nowMs - dayMs } });
    expect(permanent).toMatchObject({ level: "failing", nextRun: { reason: "the last backup failed and only the user can change that (STORE_FULL)" } });
    expect(permanent.nextRun).not.toHaveProperty("atMs");
  });

  it("behavior: warns when the place for archives is nearly full", () => {
    expect(assess([verified(1)], { storage: { usedBytes: 91, totalBytes: 100 } })).toMatchObject({ level: "warning", reason: "The place for archives is nearly full." });
    expect(assess([verified(1)], { storage: { usedBytes: 89, totalBytes: 100 } }).level).toBe("ok");
  });

  it("behavior: the next run is now when a backup is due", () => {
    expect(assess([verified(1)], { memory: { handledWallMs: nowMs - dayMs } }).nextRun).toEqual({ atMs: nowMs, reason: "the daily backup was missed" });
  });
});
