import { describe, expect, it } from "vitest";
import german from "../../test/german.json" with { type: "json" };
import { describeClosing } from "./describeClosing.ts";
import { describeDue } from "./describeDue.ts";
import { describeHealth } from "./describeHealth.ts";
import { describeLacks } from "./describeLacks.ts";
import { describeNextRun } from "./describeNextRun.ts";
import { describeReminder } from "./describeReminder.ts";
import { describeRetention } from "./describeRetention.ts";

const smaller = { archiveId: "1", messages: 4, conversations: 4, than: { archiveId: "2", messages: 1200, conversations: 4 } };

describe("describeHealth", () => {
  it("default: a title for the level, and why", () => {
    expect(describeHealth({ level: "ok", reason: "protected" })).toEqual({
      title: "Your messages are protected",
      text: "There is a recent backup that was checked.",
    });
    expect(describeHealth({ level: "warning", reason: "firstDue" })).toEqual({
      title: "Your messages are not backed up yet",
      text: "There is no backup of this device yet. The first one is due.",
    });
    expect(describeHealth({ level: "failing", reason: "failingDays", days: 3 }).text).toBe("Backups have failed on 3 days in a row.");
    expect(describeHealth({ level: "warning", reason: "partial", why: "range" }).text).toBe(
      "The newest backup is not whole. It holds only a part of the time.",
    );
  });

  it("behavior: a drop is told by what shows it more", () => {
    expect(describeHealth({ level: "warning", reason: "smaller", smaller }).text).toContain("4 of the 1,200 messages");
    const fewer = { ...smaller, conversations: 1, than: { archiveId: "2", messages: 5, conversations: 9 } };
    expect(describeHealth({ level: "warning", reason: "smaller", smaller: fewer }).text).toContain("1 of the 9 conversations");
  });

  it("parameters: texts", () => {
    expect(describeHealth({ level: "warning", reason: "lastFailed", failures: 1200 }, { texts: german }).text).toBe(
      "Die letzten 1.200 Backups misslangen. Ein weiterer Versuch folgt.",
    );
  });
});

describe("describeLacks", () => {
  const lacks = { conversations: ["a", "b", "c", "d"].map((id) => ({ id, isBroken: true })), ranges: [{ startNs: 1n }] };

  it("default: nothing of a complete archive, each part of another one", () => {
    expect(describeLacks({})).toEqual([]);
    expect(describeLacks({ missingMessages: 0 })).toEqual(["The newest backup is incomplete."]);
    expect(describeLacks({ missingMessages: 2, lacks: { ...lacks, consent: true } })).toEqual([
      "The newest backup lacks 2 messages.",
      "The app can't read 4 conversations: a, b, c, ….",
      "The messages of one time range could not be backed up.",
      "The list of people whom you allow to write to you could not be backed up.",
    ]);
  });

  it("parameters: nameOf: names stand for ids, in one line", () => {
    const nameOf = (id: string) => (id === "a" ? "Book\nclub" : undefined);
    expect(
      describeLacks(
        {
          lacks: {
            conversations: [
              { id: "a", isBroken: true },
              { id: "b", isBroken: true },
            ],
            ranges: [],
          },
        },
        { nameOf },
      )[1],
    ).toBe("The app can't read 2 conversations: Book club, b.");
  });
});

describe("describeDue", () => {
  it("behavior: a known event has words of its own, any other is called by the app's", () => {
    expect(describeDue({ reason: "event", event: "os-update" })).toBe("A backup is due before the system is updated.");
    expect(describeDue({ reason: "event", event: "moving\nhouse" })).toBe("A backup is due before “moving house”.");
  });
});

describe("describeNextRun", () => {
  const due = { reason: "first" } as const;

  it("default: what it waits for, and when", () => {
    expect(
      describeNextRun({ why: "settling", trigger: "first", due, atMs: Date.parse("2026-06-10T12:00Z") }, { timeZone: "Europe/Berlin" }),
    ).toEqual({
      text: "The first backup is due. It begins soon.",
      when: "Jun 10, 2026, 2:00 PM",
    });
    expect(describeNextRun({ why: "never" }, { timeZone: "UTC" })).toEqual({ text: "Backups are made by hand." });
  });

  it("behavior: every condition that does not hold", () => {
    const unmet = [
      { condition: "charging", reason: "notCharging" },
      { condition: "quietWindow", reason: "outsideWindow", from: "01:00", to: "05:00" },
    ] as const;
    expect(describeNextRun({ why: "conditions", trigger: "first", due, unmet }, { timeZone: "UTC" }).text).toBe(
      "The first backup is due. It waits until this device is charging. It waits until it is between 01:00 and 05:00.",
    );
  });
});

describe("describeReminder", () => {
  it("default: a sentence", () => {
    expect(describeReminder({ id: "1", kind: "stale", action: "backup", days: 30, hasBackup: true })).toBe(
      "The newest backup is 30 days old.",
    );
    expect(describeReminder({ id: "1", kind: "beforeEvent", action: "backup", event: "app-update" })).toBe(
      "Back up before you update the app.",
    );
    expect(describeReminder({ id: "1", kind: "setUp", action: "setUp", isByHand: true }, { texts: german })).toBe(
      "Backups sind aus, und es gibt noch keines.",
    );
  });
});

describe("describeClosing", () => {
  it("default: what closing would stop", () => {
    expect(describeClosing({ safe: true })).toBe("You can close the app now.");
    expect(describeClosing({ safe: false, losing: "backup" })).toContain("Your earlier backups are safe.");
    expect(describeClosing({ safe: false, losing: "restore", hasBegun: false })).toContain("Nothing was changed yet.");
    expect(describeClosing({ safe: false, losing: "restore", hasBegun: true })).toContain("restoring again adds the rest");
  });
});

describe("describeRetention", () => {
  it("default: a sentence for each reason", () => {
    expect(
      describeRetention([
        { reason: "period", period: "week", place: 2, of: 3 },
        { reason: "period", period: "day", place: 2, of: "all" },
        { reason: "notWhole", why: "noConsent" },
      ]),
    ).toEqual([
      "It is the newest of its week, number 2 of 3.",
      "It is the newest of its day.",
      "It is not a whole backup. It lacks the list of people whom you allow to write to you.",
    ]);
  });
});
