import { describe, expect, it } from "vitest";
import type { TrackedConversation } from "./trackedConversation.ts";
import { expectActivation, livelyMs, onlineMs } from "./expectActivation.ts";
import { dayMs, hourMs } from "../../time/wallTime.ts";

const restoredAtMs = 1_000 * dayMs;
const silentFor = (silentMs: number) => ({ consent: "allowed", restoredAtMs, lastMessageMs: restoredAtMs - silentMs }) as const;

type Case = [name: string, conversation: Partial<TrackedConversation>, laterMs: number, expected: object];

const cases: Case[] = [
  ["members wrote an hour before", silentFor(hourMs), 0, { outlook: "soon", reason: "recentMessages", untilMs: restoredAtMs + dayMs }],
  ["members wrote a day before", silentFor(dayMs), 0, { outlook: "soon", reason: "recentMessages", untilMs: restoredAtMs + 2 * dayMs }],
  [
    "they wrote lately, and a day has passed",
    silentFor(hourMs),
    dayMs,
    { outlook: "whenSomeoneWrites", reason: "someMessages", untilMs: restoredAtMs + dayMs },
  ],
  [
    "members wrote ten days before",
    silentFor(10 * dayMs),
    0,
    { outlook: "whenSomeoneWrites", reason: "someMessages", untilMs: restoredAtMs + 20 * dayMs },
  ],
  [
    "nobody knows when",
    { consent: "allowed", restoredAtMs },
    0,
    { outlook: "whenSomeoneWrites", reason: "someMessages", untilMs: restoredAtMs + 7 * dayMs },
  ],
  ["nobody wrote for 90 days", silentFor(livelyMs), 0, { outlook: "unlikely", reason: "quiet" }],
  ["the 90 days are over only now", silentFor(80 * dayMs), 10 * dayMs, { outlook: "unlikely", reason: "quiet" }],
  ["the user denied it", { ...silentFor(0), consent: "denied" }, 0, { outlook: "unlikely", reason: "denied" }],
  ["the user had been removed", { ...silentFor(0), wasRemoved: true }, 0, { outlook: "unlikely", reason: "removed" }],
  [
    "a message request",
    { ...silentFor(0), consent: "unknown" },
    0,
    { outlook: "soon", reason: "recentMessages", untilMs: restoredAtMs + dayMs },
  ],
  [
    "the last message is later than the restore, by another clock",
    silentFor(-hourMs),
    0,
    { outlook: "soon", reason: "recentMessages", untilMs: restoredAtMs + dayMs },
  ],
];

describe("expectActivation", () => {
  it.each(cases)("default: %s", (_name, conversation, laterMs, expected) => {
    expect(expectActivation(conversation as TrackedConversation, { nowMs: restoredAtMs + laterMs })).toEqual(expected);
  });

  it("parameters: otherInstallationSeenMs: for an hour what it can activate is expected soon, and then as before", () => {
    const quiet = silentFor(30 * dayMs);
    const at = (nowMs: number) => expectActivation(quiet, { nowMs, otherInstallationSeenMs: restoredAtMs });
    expect(at(restoredAtMs)).toEqual({ outlook: "soon", reason: "otherInstallation", untilMs: restoredAtMs + onlineMs });
    expect(at(restoredAtMs + onlineMs - 1).reason).toBe("otherInstallation");
    expect(at(restoredAtMs + onlineMs)).toEqual(expectActivation(quiet, { nowMs: restoredAtMs + onlineMs }));
  });

  it.each([
    ["denied", { ...silentFor(0), consent: "denied" }],
    ["quiet", silentFor(livelyMs)],
    ["removed", { ...silentFor(0), wasRemoved: true }],
  ] as const)("parameters: otherInstallationSeenMs: it does not activate what is %s", (reason, conversation) => {
    const expectation = expectActivation(conversation, { nowMs: restoredAtMs, otherInstallationSeenMs: restoredAtMs });
    expect(expectation).toEqual({ outlook: "unlikely", reason });
  });
});
