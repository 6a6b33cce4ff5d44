import { describe, expect, it } from "vitest";
import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import { type Calendar, calendarOf } from "./calendar.ts";
import { decideVerification, type VerificationFacts } from "./decideVerification.ts";
import type { BackupPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";
import { createMemory } from "./policyMemory.ts";
import { recordVerification } from "./recordOutcome.ts";
import { verifiedArchive } from "../../../test/verifiedArchive.ts";
import { dayMs } from "../../time/wallTime.ts";

const installedAtMs = Date.parse("2026-01-01T12:00Z");
const archive = (number: number, verifiedAtMs?: number): ArchiveEntry => {
  const { details, ...outline } = verifiedArchive(number, installedAtMs - number * dayMs, "mine");
  const { verifiedAtMs: _made, ...rest } = details ?? ({} as never);
  return { ...outline, seal: "open", details: { ...rest, ...(verifiedAtMs !== undefined && { verifiedAtMs }) } };
};

function decide(days: number, given: BackupPolicy = {}, facts: Partial<VerificationFacts> = {}) {
  const policy = normalizePolicy(given);
  const memory = createMemory(calendarOf(policy) as Calendar, { nowMs: installedAtMs, timeZone: "UTC" });
  const all: VerificationFacts = {
    memory,
    isRunning: false,
    conditions: {},
    archives: [archive(1, 5), archive(2), archive(3)],
    inboxId: "mine",
    ...facts,
  };
  return decideVerification(policy, all, { nowMs: installedAtMs + days * dayMs, timeZone: "UTC" });
}

describe("decideVerification", () => {
  it("default: every thirty days, the newest archive that was never verified", () => {
    expect(decide(29)).toMatchObject({ action: "wait", untilMs: installedAtMs + 30 * dayMs });
    expect(decide(30)).toMatchObject({ action: "verify", id: archive(2).id });
  });

  it("behavior: else the one whose verification is the oldest, and only of this inbox", () => {
    const archives = [archive(1, 9), archive(2, 7), archive(3, 8)];
    expect(decide(30, {}, { archives })).toMatchObject({ id: archive(2).id });
    expect(decide(30, {}, { archives, inboxId: "theirs" })).toEqual({ action: "wait", why: "noArchive" });
  });

  it("behavior: a verification at a time that has not come yet is a wrong clock's, and counts as none", () => {
    const archives = [archive(1, 9), archive(2, 7), archive(3, installedAtMs + 3000 * dayMs)];
    expect(decide(30, {}, { archives })).toMatchObject({ id: archive(3).id });
  });

  it("behavior: counts from the last one, whatever came of it", () => {
    const policy = normalizePolicy({ verifyEvery: "1m" });
    const memory = recordVerification(
      createMemory(calendarOf(policy) as Calendar, { nowMs: installedAtMs, timeZone: "UTC" }),
      installedAtMs + 20 * dayMs,
    );
    expect(decide(50, { verifyEvery: "1m" }, { memory })).toMatchObject({ action: "wait", untilMs: Date.parse("2026-02-21T12:00Z") });
  });

  it("parameters: verifyEvery, isRunning, conditions", () => {
    expect(decide(1000, { verifyEvery: false })).toEqual({ action: "wait", why: "never" });
    expect(decide(30, {}, { isRunning: true })).toMatchObject({ action: "wait", why: "running" });
    expect(decide(30, { conditions: { network: "wifi" } }, { conditions: { wifi: false } })).toEqual({
      action: "wait",
      why: "conditions",
      unmet: [{ condition: "network", reason: "notWifi" }],
    });
  });
});
