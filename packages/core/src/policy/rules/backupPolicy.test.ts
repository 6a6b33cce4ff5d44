import { describe, expect, it } from "vitest";
import { BackupError } from "../../errors/backupError.ts";
import { assertPolicy } from "./assertPolicy.ts";
import { momentOf } from "./moment.ts";
import { defaultPolicy } from "./backupPolicy.ts";
import { normalizePolicy } from "./normalizePolicy.ts";

function refusal(policy: unknown): BackupError {
  try {
    assertPolicy(policy);
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(policy)} was not refused`);
}

const badPolicies: [unknown, string][] = [
  [null, "policy: null"],
  [[], "policy: []"],
  ["weekly", 'policy: "weekly"'],
  [{ frequancy: "daily" }, 'policy: "frequancy"'],
  [{ toString: "daily" }, 'policy: "toString"'],
  [{ frequency: "hourly" }, 'frequency: "hourly"'],
  [{ frequency: null }, "frequency: null"],
  [{ frequency: { cron: "0 2 * * *", every: 1 } }, "frequency: {"],
  [{ frequency: { cron: "0 0 30 2 *" } }, "never fires"],
  [{ frequency: { cron: "99 * * * *" } }, "minute"],
  [{ at: "25:00" }, 'at: "25:00"'],
  [{ at: "2:00" }, 'at: "2:00"'],
  [{ at: "24:00" }, 'at: "24:00"'],
  [{ at: 2 }, "at: 2"],
  [{ weekday: "Sunday" }, 'weekday: "Sunday"'],
  [{ dayOfMonth: 0 }, "dayOfMonth: 0"],
  [{ dayOfMonth: 32 }, "dayOfMonth: 32"],
  [{ dayOfMonth: 1.5 }, "dayOfMonth: 1.5"],
  [{ timeZone: "Europe/Lisboa" }, 'timeZone: "Europe/Lisboa"'],
  [{ timeZone: 1 }, "timeZone: 1"],
  [{ afterMessages: -1 }, "afterMessages: -1"],
  [{ afterMessages: 0 }, "afterMessages: 0"],
  [{ afterMessages: NaN }, "afterMessages: NaN"],
  [{ afterMessages: true }, "afterMessages: true"],
  [{ afterConversations: -5 }, "afterConversations: -5"],
  [{ activityPause: "soon" }, 'activityPause: "soon"'],
  [{ activityPause: "0h" }, 'activityPause: "0h"'],
  [{ verifyEvery: "30" }, 'verifyEvery: "30"'],
  [{ events: [] }, "events: []"],
  [{ events: { "app-update": "maybe" } }, 'events.app-update: "maybe"'],
  [{ conditions: "wifi" }, 'conditions: "wifi"'],
  [{ conditions: { network: "5g" } }, 'conditions.network: "5g"'],
  [{ conditions: { charging: 1 } }, "conditions.charging: 1"],
  [{ conditions: { battery: true } }, 'conditions: "battery"'],
  [{ conditions: { quietWindow: "night" } }, 'conditions.quietWindow: "night"'],
  [{ conditions: { quietWindow: { from: "22:00" } } }, "conditions.quietWindow.to: undefined"],
  [{ conditions: { quietWindow: { from: "9", to: "10:00" } } }, 'conditions.quietWindow.from: "9"'],
  [{ conditions: { quietWindow: { from: "02:00", to: "02:00" } } }, "begins when it ends"],
  [{ conditions: { quietWindow: { from: "09:00", to: "10:00" } } }, "does not hold 02:00"],
  [{ keep: {} }, "keep is empty"],
  [{ keep: { last: 0 } }, "keep is empty"],
  [{ keep: { pinned: true } }, "keep is empty"],
  [{ keep: { last: -1 } }, "keep.last"],
  [{ keep: { daily: 1.5 } }, "keep.daily"],
  [{ keep: { weekly: "many" } }, "keep.weekly"],
  [{ keep: { decade: 1 } }, 'called "decade"'],
  [{ keep: { within: "a month" } }, "keep.within"],
  [{ keep: { last: 1, pinned: "yes" } }, "keep.pinned"],
  [{ keep: 5 }, "keep is an object"],
  [{ reminders: true }, "reminders: true"],
  [{ reminders: { nag: true } }, 'reminders: "nag"'],
  [{ reminders: { setUp: 1 } }, "reminders.setUp: 1"],
  [{ reminders: { staleDays: 0 } }, "reminders.staleDays: 0"],
  [{ reminders: { newConversations: true } }, "reminders.newConversations: true"],
  [{ reminders: { storageUsed: 90 } }, "reminders.storageUsed: 90"],
  [{ elements: [] }, "elements: []"],
  [{ elements: ["media"] }, 'elements: "media"'],
  [{ excludeDisappearingMessages: 1 }, "excludeDisappearingMessages: 1"],
  [{ priority: "high" }, 'priority: "high"'],
];

describe("normalizePolicy", () => {
  it("default: everything filled in, and nothing of it shared", () => {
    const policy = normalizePolicy();
    expect(policy).toEqual(defaultPolicy);
    expect(policy).toMatchObject({
      frequency: "weekly",
      at: "02:00",
      weekday: "sunday",
      dayOfMonth: 1,
      afterMessages: 100,
      keep: { last: 5 },
    });
    expect(policy.timeZone).toBeUndefined();
  });

  it("parameters: what is given stays, undefined is as good as absent", () => {
    const given = {
      frequency: { cron: "0 2 * * *" },
      at: undefined,
      timeZone: "Asia/Tokyo",
      afterMessages: false,
      conditions: { network: "wifi", charging: true, quietWindow: { from: "22:00", to: "06:00" } },
      keep: { daily: 7, within: "1y6m", last: "all" },
      events: { "os-update": "ask", "before-wedding": "ignore" },
      reminders: { staleDays: 10, storageUsed: false },
      elements: ["messages"],
      excludeDisappearingMessages: true,
      priority: "normal",
    } as const;
    const policy = normalizePolicy(given as never);
    expect(policy).toMatchObject({ ...given, at: "02:00" });
    expect(policy.reminders).toMatchObject({ staleDays: 10, storageUsed: false, setUp: true });
    expect(policy.keep).toEqual({ daily: 7, within: "1y6m", last: "all" });
    expect(normalizePolicy({ reminders: false }).reminders).toBe(false);
  });
});

describe("momentOf", () => {
  it("default: in the user's zone, or the policy's own", () => {
    expect(momentOf(normalizePolicy(), 1, "Asia/Tokyo")).toEqual({ nowMs: 1, timeZone: "Asia/Tokyo" });
    expect(momentOf(normalizePolicy({ timeZone: "UTC" }), 1, "Asia/Tokyo")).toEqual({ nowMs: 1, timeZone: "UTC" });
  });
});

describe("assertPolicy", () => {
  it.each(badPolicies)("parameters: refuses %j", (policy, message) => {
    const error = refusal(policy);
    expect(error.code).toBe("POLICY_INVALID");
    expect(error.retryable).toBe(false);
    expect(error.shortMessage).toContain(message);
  });

  it("behavior: each bad policy has a message of its own", () => {
    const messages = badPolicies.map(([policy]) => refusal(policy).shortMessage);
    const repeated = messages.filter((message, index) => messages.indexOf(message) !== index);
    expect(new Set(repeated)).toEqual(new Set([expect.stringContaining("keep is empty")]));
  });

  it("behavior: a window does not contradict a schedule that has no time of its own", () => {
    const conditions = { quietWindow: { from: "09:00", to: "10:00" } };
    for (const frequency of ["never", { cron: "30 9 * * *" }]) expect(() => assertPolicy({ frequency, conditions })).not.toThrow();
    expect(() => assertPolicy({ at: "09:30", conditions })).not.toThrow();
  });
});
