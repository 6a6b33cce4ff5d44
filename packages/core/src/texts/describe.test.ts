import { describe, expect, it } from "vitest";
import german from "../../test/german.json" with { type: "json" };
import type { ActivationState, TrackedConversation } from "../activation/rules/trackedConversation.ts";
import { restoreLimits } from "../restore/restoreResult.ts";
import { describeActivation } from "./describeActivation.ts";
import { describeRestoredConversation } from "./describeRestoredConversation.ts";
import { describeGap } from "./describeGap.ts";
import { describeNotice } from "./describeNotice.ts";
import { describeNotRestored } from "./describeNotRestored.ts";
import { describeReadOnlyMode } from "./describeReadOnlyMode.ts";
import { describeRestore } from "./describeRestore.ts";
import { describeRecreating } from "./describeRecreating.ts";
import { describeWakeUp } from "./describeWakeUp.ts";

const nowMs = Date.parse("2026-06-10T12:00Z");
const hourMs = 3_600_000;
const berlin = { timeZone: "Europe/Berlin" };

function tracked(changes: Partial<TrackedConversation> = {}): TrackedConversation {
  return {
    id: "a",
    kind: "dm",
    peerInboxId: "ana",
    status: "waiting",
    consent: "allowed",
    expectation: { outlook: "whenSomeoneWrites", reason: "someMessages", untilMs: nowMs + hourMs },
    gap: { fromMs: nowMs - 48 * hourMs },
    restoredAtMs: nowMs - hourMs,
    ...changes,
  };
}

const quiet = { outlook: "unlikely", reason: "quiet" } as const;
const denied = { outlook: "unlikely", reason: "denied" } as const;
const removed = { outlook: "unlikely", reason: "removed" } as const;
const online = { outlook: "soon", reason: "otherInstallation", untilMs: nowMs + hourMs } as const;

describe("describeReadOnlyMode", () => {
  it("default: what it is, what happens by itself, what the user can do", () => {
    const { title, howItEnds, action } = describeReadOnlyMode();
    expect(title).toBe("Read-only for now");
    expect(howItEnds).toContain("opens it half an hour from now or later");
    expect(action).toContain("about a minute");
  });
});

describe("describeNotRestored", () => {
  const leftOut = { deleted: 0, expired: 0, unsent: 0, oddDms: 0 };

  it("default: nothing is left out, and no limit named", () => {
    expect(describeNotRestored({ leftOut, orphanMessages: 0 })).toEqual({ title: "This does not come back", leftOut: [], limits: [] });
    expect(describeNotRestored({}, { isOver: true })).toEqual({ title: "This is different now", leftOut: [], limits: [] });
  });

  it("behavior: each reason with its number, one or many", () => {
    expect(describeNotRestored({ leftOut: { deleted: 1, expired: 1, unsent: 1, oddDms: 1 }, orphanMessages: 1 }).leftOut).toEqual([
      "One message was deleted for everyone. It stays deleted.",
      "One disappearing message is left out. Its time is over.",
      "One message is left out. It was never sent.",
      "One message is left out. It is not clear who is in its conversation.",
      "One message is left out. Its conversation is not in the backup.",
    ]);
    expect(describeNotRestored({ leftOut: { deleted: 2, expired: 0, unsent: 1200, oddDms: 0 } }).leftOut).toEqual([
      "2 messages were deleted for everyone. They stay deleted.",
      "1,200 messages are left out. They were never sent.",
    ]);
  });

  it("behavior: a sentence for every limit, in the order that was asked for", () => {
    const { limits } = describeNotRestored({ limits: restoreLimits });
    expect(new Set(limits).size).toBe(restoreLimits.length);
    for (const text of limits) expect(text).toMatch(/^[A-Z].*\.$/);
    expect(describeNotRestored({ limits: ["gap", "admins"] }).limits).toEqual([
      limits[restoreLimits.indexOf("gap")],
      limits[restoreLimits.indexOf("admins")],
    ]);
  });

  it("parameters: texts", () => {
    const texts = {
      locale: "de",
      texts: { "notRestored.leftOut.unsent": { one: "Eine Nachricht ging nie hinaus.", other: "{count} Nachrichten gingen nie hinaus." } },
    };
    expect(describeNotRestored({ leftOut: { ...leftOut, unsent: 1200 } }, { texts }).leftOut).toEqual([
      "1.200 Nachrichten gingen nie hinaus.",
    ]);
  });
});

describe("describeRestoredConversation", () => {
  it("default: a badge, a title, what is to be expected, what the user can do, and the composer", () => {
    expect(describeRestoredConversation(tracked(), { nowMs })).toEqual({
      badge: "Waiting for a message",
      title: "Read-only for now",
      text: "It becomes active when the other person writes, or opens it half an hour from now or later. Nobody can say when that will be.",
      action: "If you can reach this person another way, ask them to send you a message here.",
      placeholder: "You can read here, and write later",
    });
  });

  it("parameters: name", () => {
    expect(describeRestoredConversation(tracked(), { nowMs, name: "Ana" }).title).toBe("Your conversation with Ana is read-only for now");
    expect(describeRestoredConversation(tracked({ kind: "group" }), { nowMs, name: "Book\nclub" }).title).toBe(
      "Book club is read-only for now",
    );
    expect(describeRestoredConversation(tracked(), { nowMs, name: " " }).title).toBe("Read-only for now");
  });

  it("parameters: isRecreatable", () => {
    const start = "Start the conversation again to write at once.";
    expect(describeRestoredConversation(tracked(), { nowMs, isRecreatable: true }).action).toBe(start);
    expect(describeRestoredConversation(tracked({ status: "dismissed" }), { nowMs, isRecreatable: true }).action).toBe(start);
    expect(describeRestoredConversation(tracked({ expectation: denied }), { nowMs, isRecreatable: true }).action).toBe(
      "Unblock this person if you want to write again.",
    );
  });

  it("behavior: it is late from its time on, whether or not anybody has looked since", () => {
    const byClock = describeRestoredConversation(tracked(), { nowMs: nowMs + hourMs + 1 });
    expect(byClock.badge).toBe("Still waiting");
    expect(describeRestoredConversation(tracked({ status: "stalled" }), { nowMs })).toEqual(byClock);
    expect(describeRestoredConversation(tracked({ status: "stalled", expectation: online }), { nowMs }).text).toContain(
      "your other device has not made it active so far",
    );
  });

  it("behavior: what is unlikely is not promised, and says what would help", () => {
    const inShort = (changes: Partial<TrackedConversation>) => {
      const { badge, action } = describeRestoredConversation(tracked(changes), { nowMs });
      return [badge, action];
    };
    expect(inShort({ expectation: quiet, kind: "group" })).toEqual([
      "Read-only",
      "If you can reach somebody in the group another way, ask them to write a message here.",
    ]);
    expect(inShort({ expectation: denied, kind: "group" })).toEqual(["Read-only", "Unblock the group if you want to write again."]);
    expect(inShort({ expectation: removed, kind: "group" })).toEqual([
      "Read-only",
      "Ask somebody in the group to add you again if you want to write.",
    ]);
    expect(inShort({ expectation: removed, status: "stalled" })).toEqual(["Read-only", undefined]);
  });

  it("behavior: an active one has no composer's text and nothing to do, unless writing works in another one", () => {
    expect(describeRestoredConversation(tracked({ status: "active", activeId: "a" }), { nowMs })).toEqual({
      badge: "Active again",
      title: "Active again",
      text: "You can write here again.",
    });
    expect(describeRestoredConversation(tracked({ status: "active", activeId: "b", activatedBy: "recreating" }), { nowMs })).toMatchObject({
      text: "You can write again, in a new conversation with the same person. It shows the earlier messages too.",
      placeholder: "Write in the new conversation",
    });
    expect(describeRestoredConversation(tracked({ status: "active", activeId: "b", isRejoined: true }), { nowMs })).not.toHaveProperty(
      "placeholder",
    );
  });

  it("behavior: a new start that did not work is told", () => {
    expect(describeRestoredConversation(tracked({ recreating: { tries: 2, triedAtMs: nowMs } }), { nowMs }).text).toMatch(
      /Starting it again has not worked so far\.$/,
    );
    expect(
      describeRestoredConversation(tracked({ status: "recreating", recreating: { tries: 1, triedAtMs: nowMs } }), { nowMs }).text,
    ).not.toContain("not worked");
  });
});

describe("describeActivation", () => {
  const state = (counts: Partial<ActivationState>): ActivationState => ({
    ...{ total: 0, active: 0, waiting: 0, recreating: 0, stalled: 0, dismissed: 0, conversations: [], changed: [], recreatable: [] },
    ...counts,
  });
  const progress = (active: number, total: number, texts?: typeof german) =>
    describeActivation(state({ active, total }), { texts }).progress;

  it("default: how many are active again", () => {
    expect([progress(0, 0), progress(0, 1), progress(0, 12), progress(1, 12), progress(3, 12), progress(12, 12), progress(1, 1)]).toEqual([
      "No conversation is waiting",
      "Your conversation is read-only for now",
      "12 conversations are read-only for now",
      "1 of 12 conversations is active again",
      "3 of 12 conversations are active again",
      "All 12 conversations are active again",
      "Your conversation is active again",
    ]);
  });

  it("parameters: texts, in German with its forms and numbers", () => {
    expect([progress(1, 1200, german), progress(3, 1200, german)]).toEqual([
      "1 von 1.200 Unterhaltungen ist wieder aktiv",
      "3 von 1.200 Unterhaltungen sind wieder aktiv",
    ]);
  });

  it("behavior: what becomes of the others, those without hope apart", () => {
    const conversations = [
      tracked(),
      tracked({ expectation: quiet }),
      tracked({ expectation: denied, status: "stalled" }),
      tracked({ status: "stalled" }),
    ];
    const { details } = describeActivation(
      state({ total: 9, active: 2, waiting: 2, stalled: 2, recreating: 1, dismissed: 2, conversations }),
    );
    expect(details).toEqual([
      "One becomes active automatically, mostly when somebody writes there.",
      "One is being started again.",
      "One takes longer than expected.",
      "2 may stay read-only for long.",
      "2 were left as they are.",
    ]);
  });
});

describe("describeNotice", () => {
  it("default: the first, half, all", () => {
    expect(describeNotice({ type: "first", active: 1, total: 12 }, { nowMs })).toEqual({
      title: "The first conversation is active again",
      body: "You can write there now. 11 more follow automatically.",
    });
    expect(describeNotice({ type: "half", active: 6, total: 12 }, { nowMs })).toEqual({
      title: "Half of your conversations are active again",
      body: "6 of 12 so far. 6 more follow automatically.",
    });
    expect(describeNotice({ type: "half", active: 2, total: 3 }, { nowMs }).title).toBe(
      "More than half of your conversations are active again",
    );
    expect(describeNotice({ type: "all", active: 12, total: 12 }, { nowMs }).title).toBe("All your conversations are active again");
    expect(describeNotice({ type: "all", active: 1, total: 1 }, { nowMs })).toEqual({
      title: "Your conversation is active again",
      body: "You can write there, as before.",
    });
  });

  it("behavior: one that is stalled, with what the user can do", () => {
    const notice = { type: "stalled", conversation: tracked({ status: "stalled", kind: "group" }) } as const;
    expect(describeNotice(notice, { nowMs, name: "Book club" })).toEqual({
      title: "Book club is still read-only",
      body: "This takes longer than expected: nobody in the group seems to have used the app. It still becomes active when one of them writes. If you can reach somebody in the group another way, ask them to write a message here.",
    });
  });
});

describe("describeRecreating", () => {
  it("default: what happens, and that the person gets no message", () => {
    expect(describeRecreating(1, { name: "Ana" })).toEqual({
      title: "Start again with Ana?",
      body: "A new conversation with Ana is made, and you can write there at once. It shows your earlier messages with Ana too. Ana gets no message about this.",
      confirm: "Start again",
      cancel: "Keep waiting",
    });
  });

  it("behavior: several at once are called by no name", () => {
    expect(describeRecreating(7, { name: "Ana" }).title).toBe("Start 7 conversations again?");
    expect(describeRecreating(1).title).toBe("Start this conversation again?");
  });
});

describe("describeWakeUp", () => {
  it("default: the other installations, the source of the archive first, then the newest", () => {
    const installations = [
      { id: "own", isOwn: true, createdAtMs: nowMs },
      { id: "unknown", isOwn: false },
      { id: "tablet", isOwn: false, createdAtMs: Date.parse("2026-03-03T23:30Z") },
      { id: "phone", isOwn: false, createdAtMs: Date.parse("2025-01-02T12:00Z"), isSource: true },
    ];
    const text = describeWakeUp(installations, berlin);
    expect(text.installations).toEqual([
      { id: "phone", label: "The device that the backup came from, set up on January 2, 2025" },
      { id: "tablet", label: "Another device, set up on March 4, 2026" },
      { id: "unknown", label: "Another device" },
    ]);
    expect(text.body).toContain("all your conversations of the last 90 days at once, except those that you blocked");
    expect(describeWakeUp(installations, { ...berlin, texts: german }).installations[1]?.label).toBe(
      "Ein anderes Gerät, eingerichtet am 4. März 2026",
    );
  });

  it("behavior: without another installation it asks nothing", () => {
    const text = describeWakeUp([{ id: "own", isOwn: true }], berlin);
    expect(text).toMatchObject({ title: "No other device is known", installations: [] });
    expect(text).not.toHaveProperty("confirm");
  });
});

describe("describeGap", () => {
  const gap = { fromMs: Date.parse("2026-06-08T12:00Z"), toMs: Date.parse("2026-06-10T06:30Z") };
  const between = "Messages sent between Jun 8, 2026, 2:00 PM and Jun 10, 2026, 8:30 AM";

  it("default: from when to when, and what fills it", () => {
    expect(describeGap(gap, berlin)).toEqual({
      text: `${between} are missing here.`,
      action: "A newer backup of a device that was in use at that time brings them back. So does that device itself, if it is online.",
    });
  });

  it("parameters: fillers", () => {
    const action = (archives: string[], syncArchives: string[], otherInstallations: string[]) =>
      describeGap(gap, { ...berlin, fillers: { archives, syncArchives, otherInstallations } }).action;
    expect(action(["a"], [], [])).toContain("There is a newer backup");
    expect(action([], ["pin"], ["phone"])).toContain("has sent what it has");
    expect(action([], [], ["phone"])).toContain("Ask it for your history");
    expect(action(["a"], [], ["phone"])).toContain("A newer backup can bring them back, and another device");
    expect(action([], [], [])).toContain("back up there once more");
  });

  it("behavior: before the activation it is open, and a filled one asks for nothing", () => {
    expect(describeGap({ fromMs: gap.fromMs }, berlin).text).toBe(
      "Messages sent since Jun 8, 2026, 2:00 PM are missing here. New ones arrive once the conversation is active again.",
    );
    expect(describeGap({ ...gap, isFilled: true }, berlin)).toEqual({ text: `${between} are here too now.` });
  });
});

describe("describeRestore", () => {
  it("default: the route, its reasons and the steps after it", () => {
    const recommendation = {
      route: "both",
      archive: "a",
      reachesMs: Date.parse("2026-06-08T12:00Z"),
      reasons: ["replacesDevice", "archiveSound"],
      then: ["historySync"],
    } as const;
    expect(describeRestore(recommendation, berlin)).toEqual({
      title: "Restore your backup, then get the rest from your other device",
      body: "The backup brings back your messages up to Jun 8, 2026, 2:00 PM, and your other device sends the newer ones.",
      reasons: ["You are moving to a new device, and that is what backups are made for.", "The backup is complete and was checked."],
      steps: ["Get the messages since the backup from your other device."],
    });
  });

  it("behavior: history that was sent already only has to be fetched", () => {
    const body = (pin?: string) => describeRestore({ route: "historySync", reasons: [], then: [], ...(pin && { pin }) }, berlin).body;
    expect(body()).toContain("It sends your messages here");
    expect(body("123456")).toContain("It has sent your messages already");
  });
});
