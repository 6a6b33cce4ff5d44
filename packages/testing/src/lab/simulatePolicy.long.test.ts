import type { BackupPolicy } from "@xmtp-backup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DaySpan } from "./scenario.ts";
import { simulatePolicy } from "./simulatePolicy.ts";

const dayMs = 86_400_000;

describe("simulatePolicy", () => {
  it("behavior: whatever happens, at most one new prompt a day and never the loss of the newest verified archive", async () => {
    const span: fc.Arbitrary<DaySpan> = fc
      .tuple(fc.integer({ min: 0, max: 110 }), fc.integer({ min: 1, max: 30 }))
      .map(([fromDay, days]) => ({ fromDay, toDay: fromDay + days }));
    const spans = fc.array(span, { maxLength: 3 });
    const scenarios = fc.record({
      days: fc.constant(120),
      timeZone: fc.constantFrom("UTC", "America/New_York", "Pacific/Apia"),
      messagesPerDay: fc.constantFrom(0, 20, 150),
      conversationsPerDay: fc.constantFrom(0, 0.5),
      heavyDays: fc.array(
        span.map((days) => ({ ...days, messagesPerDay: 700 })),
        { maxLength: 1 },
      ),
      asleep: spans,
      offline: spans,
      storeFull: spans,
      seed: fc.integer({ min: 0, max: 1000 }),
    });
    const policies = fc.record({
      frequency: fc.constantFrom("never" as const, "daily" as const, "weekly" as const, "monthly" as const),
      keep: fc.constantFrom({ last: 1 }, { last: 5 }, { daily: 3, monthly: 2 }, { within: "10d" }),
      verifyEvery: fc.constantFrom("7d", false as const),
    }) as fc.Arbitrary<BackupPolicy>;
    await fc.assert(
      fc.asyncProperty(policies, scenarios, async (policy, scenario) => {
        const life = await simulatePolicy(policy, scenario);
        if (policy.frequency === "never") expect(life.backups).toEqual([]);
        const prompts = life.prompts.map(({ atMs }) => atMs);
        expect(prompts.every((atMs, index) => index === 0 || atMs - (prompts[index - 1] ?? 0) >= dayMs)).toBe(true);
        expect(new Set(life.prompts.map(({ reminder }) => reminder.id)).size).toBe(prompts.length);
        expect(life.backups.length - life.removals.length).toBe(life.archives.length);
        expect(life.archives.length > 0).toBe(life.backups.length > 0);
        const newest = life.backups.at(-1);
        if (newest) expect(life.archives[0]?.id).toBe(newest.id);
      }),
      { numRuns: 150 },
    );
  });
});
