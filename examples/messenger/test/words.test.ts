import {
  type ActivationState,
  type ArchivePreview,
  BackupError,
  restoreLimits,
  type RestoreResult,
  type TaskState,
  type TrackedConversation,
} from "@xmtp-backup/core";
import type { KeyRingState, KeyRingWarning, Slot, SlotKind } from "@xmtp-backup/keys";
import { describe, expect, it } from "vitest";
import {
  activationCount,
  newKeyProgress,
  backupOutcome,
  backupProgress,
  bytesText,
  canFollowAgain,
  countText,
  errorText,
  formOf,
  hashOf,
  isEntryDue,
  isPutBackDue,
  messageText,
  newKeyText,
  notRestoredAfter,
  notRestoredBefore,
  policyOf,
  restoreProgress,
  restoreStep,
  retentionText,
  routeOf,
  shortWhenText,
  strengthText,
  tomorrowMs,
  typedKinds,
  wayInText,
  wayInWarnings,
  whenText,
} from "../src/words/index.ts";

const at = (day: number, hour: number) => new Date(2026, 5, day, hour).getTime();

describe("sizes and counts", () => {
  it("default: as people read them", () => {
    expect([0, 1, 512, 4_236, 31_000_000, 2_500_000_000].map(bytesText)).toEqual([
      "0 byte",
      "1 byte",
      "512 byte",
      "4.2 kB",
      "31 MB",
      "2.5 GB",
    ]);
    expect([countText(1, "message"), countText(12_000, "message")]).toEqual(["1 message", "12,000 messages"]);
  });
});

describe("times", () => {
  const nowMs = at(10, 12);

  it("default: the nearer, the fewer words", () => {
    const texts = [at(10, 14), at(11, 2), at(9, 2), at(14, 2), at(25, 2)].map((ms) => whenText(ms, nowMs).replaceAll("\u202f", " "));
    expect(texts).toEqual([
      "today at 2:00 PM",
      "tomorrow at 2:00 AM",
      "yesterday at 2:00 AM",
      "on Sunday at 2:00 AM",
      "on Jun 25, 2026 at 2:00 AM",
    ]);
    expect([shortWhenText(at(10, 1), nowMs).replaceAll("\u202f", " "), shortWhenText(at(9, 23), nowMs)]).toEqual(["1:00 AM", "Jun 9"]);
    expect(tomorrowMs(nowMs)).toBe(at(11, 9));
  });
});

describe("routes", () => {
  it("default: a hash and back", () => {
    for (const hash of ["#/chats", "#/chats/1f", "#/backups", "#/settings"]) expect(hashOf(routeOf(hash))).toBe(hash);
    expect(routeOf("")).toEqual({ screen: "chats" });
    expect(routeOf("#/elsewhere")).toEqual({ screen: "chats" });
  });
});

describe("progress", () => {
  const counted = (done: number) => ({ kind: "determinate", done, total: 4, unit: "messages" }) as const;

  it("default: never falls from one stage to the next", () => {
    const parts = [
      backupProgress("preparing", { kind: "indeterminate" }),
      backupProgress("exporting", counted(1)),
      backupProgress("exporting", counted(4)),
      backupProgress("merging", counted(0)),
    ];
    expect(parts.map(({ part }) => part)).toEqual([0, 1.25 / 9, 2 / 9, 2 / 9]);
    expect(parts.map(({ amount }) => amount)).toEqual(["Step 1 of 9", "1 of 4 messages", "4 of 4 messages", "0 of 4 messages"]);
    expect(restoreProgress("fetching", { kind: "determinate", done: 1_000, total: 4_000, unit: "bytes" })).toEqual({
      label: "Fetching the backup",
      amount: "1 kB of 4 kB",
      part: 1.25 / 6,
    });
  });

  it("behavior: says how long the rest takes, where that is known", () => {
    expect(backupProgress("exporting", { ...counted(1), remainingMs: 240_000 }).amount).toBe("1 of 4 messages, about 4 minutes left");
  });

  it("behavior: nothing to count is a step, not a division by nothing", () => {
    expect(restoreProgress("importing", { kind: "determinate", done: 0, total: 0, unit: "messages" })).toMatchObject({
      amount: "Step 4 of 6",
      part: 0.5,
    });
  });
});

describe("restoreStep", () => {
  it("default: a restore that failed is back at the choice", () => {
    const running = (stage: "verifying" | "importing") =>
      ({ status: "running", stage, progress: { kind: "indeterminate" }, cancellable: true }) as const;
    const states = [
      undefined,
      running("verifying"),
      running("importing"),
      { status: "failed", error: new Error() },
      { status: "cancelled" },
    ] as const;
    expect(states.map((state) => restoreStep(state))).toEqual(["find", "check", "restore", "find", "find"]);
  });
});

describe("what does not come back", () => {
  const leftOut = { deleted: 2, expired: 0, unsent: 1, oddDms: 0 };

  it("default: before a restore, how many messages stay out, and what the backup lacks", () => {
    const texts = notRestoredBefore({ leftOut, orphanMessages: 0 } as ArchivePreview);
    expect(texts.leftOut).toEqual([
      "2 messages were deleted for everyone. They stay deleted.",
      "One message is left out. It was never sent.",
    ]);
    expect(texts.limits).toHaveLength(3);
  });

  it("behavior: after it, what shows wrong until the activation, as long as something waits for that", () => {
    const result = { leftOut, orphanMessages: 0, limits: restoreLimits } as unknown as RestoreResult;
    expect(notRestoredAfter({ ...result, inactiveConversationIds: ["a"] }).limits).toContain(
      "A group names you as its only admin until it is active again.",
    );
    expect(notRestoredAfter({ ...result, inactiveConversationIds: [] })).toMatchObject({
      leftOut: [expect.any(String), expect.any(String)],
      limits: [],
    });
  });
});

describe("restored conversations", () => {
  it("default: what the user left or dismissed can be tracked again, another inbox's DM can't", () => {
    const states: Partial<TrackedConversation>[] = [
      { status: "readOnly", hasLeft: true },
      { status: "dismissed" },
      { status: "waiting" },
      { status: "active" },
      { status: "readOnly", isOfOtherInbox: true },
    ];
    expect(states.map((state) => canFollowAgain(state as TrackedConversation))).toEqual([true, true, false, false, false]);
  });

  it("default: all are active once nothing else is waited for", () => {
    const counts = (state: Partial<ActivationState>) => activationCount({ total: 0, active: 0, ...state } as ActivationState);
    expect(counts({ total: 3, active: 2, readOnly: 1 })).toEqual({ awaited: 2, isDone: true });
    expect(counts({ total: 3, active: 1, readOnly: 1 })).toEqual({ awaited: 2, isDone: false });
    expect(counts({ total: 1, readOnly: 1 }).awaited).toBe(0);
  });

  it("behavior: of a deleted message only that there was one", () => {
    expect([messageText({ text: "Hello", isDeleted: false }), messageText({ text: "", isDeleted: true })]).toEqual([
      "Hello",
      "This message was deleted",
    ]);
  });
});

describe("the policy's form", () => {
  it("default: what the form does not show stays", () => {
    const policy = { frequency: "daily", conditions: { charging: true }, keep: { last: 3, monthly: 12 } } as const;
    const form = formOf(policy);
    expect(form).toEqual({ frequency: "daily", at: "02:00", weekday: "sunday", afterMessages: 100, last: 3, weekly: 0, monthly: 12 });
    expect(policyOf({ ...form, afterMessages: 0 }, policy)).toMatchObject({
      conditions: { charging: true },
      afterMessages: false,
      keep: { last: 3, weekly: 0, monthly: 12 },
    });
  });
});

describe("what went wrong, and what stays", () => {
  it("default: in the words of those who use the app", () => {
    expect(errorText(new BackupError("STORE_FULL", "The archive does not fit."))).toEqual({
      title: "The backup does not fit.",
      advice: "Every backup that was stored before is unchanged. Free space or choose another place, then back up again.",
    });
    expect(errorText(new Error("No network"))).toEqual({ title: "Something went wrong.", advice: "No network" });
    expect(retentionText({ id: "a", action: "keep", reasons: [{ reason: "pinned" }, { reason: "newestWhole" }] })).toBe(
      "Stays: You pinned it. It is the newest whole one that was checked.",
    );
  });

  it("behavior: a backup that runs has no outcome yet", () => {
    const running: TaskState<"preparing"> = {
      status: "running",
      stage: "preparing",
      progress: { kind: "indeterminate" },
      cancellable: true,
    };
    expect(backupOutcome(running as Parameters<typeof backupOutcome>[0])).toBeUndefined();
    expect(backupOutcome({ status: "cancelled" })).toMatchObject({ tone: "plain" });
  });
});

describe("ways in", () => {
  const state = (slots: Slot[], kinds: KeyRingWarning["kind"][]): KeyRingState => ({
    slots,
    keyFingerprints: [],
    isOpen: true,
    warnings: kinds.map((kind) => ({ kind, text: "", wayOut: "" })),
  });

  it("default: what it is and when it was made; a vault by the app's name for it", () => {
    const slot = { id: "1", kind: "recoveryPhrase", createdAtMs: at(10, 9) } as const;
    const { title, facts } = wayInText(slot, at(10, 12));
    expect(title).toBe("Recovery phrase");
    expect(facts).toMatch(/^Made today at 9:00/);
    expect(wayInText({ ...slot, kind: "custom", name: "Team vault" }, at(10, 12)).title).toBe("Team vault");
  });

  it("behavior: each warning has a way out, in the app's words", () => {
    expect(wayInWarnings(state([], []))).toEqual([]);
    const told = wayInWarnings(
      state([], ["noSlot", "oneSlot", "deviceBehind", "ringBehind", "ringGone", "ringOlder", "copies", "newerSlot", "notNoted"]),
    );
    expect(new Set(told.map(({ text }) => text)).size).toBe(9);
    expect(told.every(({ text, wayOut }) => text !== "" && wayOut !== "" && !/slot|key ring/i.test(text + wayOut))).toBe(true);
    expect(wayInWarnings(state([], ["noSlot", "oneSlot", "ringGone", "ringOlder", "copies"])).map(({ isUrgent }) => isUrgent)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it("behavior: a new device asks for what can be typed; for a phrase where it knows no better", () => {
    const kindsFor = (...kinds: SlotKind[]) =>
      typedKinds(
        state(
          kinds.map((kind) => ({ id: kind, kind, createdAtMs: 0 })),
          [],
        ),
      );
    expect(kindsFor("passphrase", "passkey", "recoveryPhrase")).toEqual(["recoveryPhrase", "passphrase"]);
    expect(kindsFor("passphrase")).toEqual(["passphrase"]);
    expect(kindsFor("passkey")).toEqual(["recoveryPhrase"]);
    expect(kindsFor()).toEqual(["recoveryPhrase"]);
  });

  it("behavior: a secret is due where the device lacks keys of the ring, or the ring lacks one of the device's", () => {
    const slot = { id: "1", kind: "passphrase", createdAtMs: 0 } as const;
    expect(isEntryDue(state([slot], ["oneSlot"]))).toBe(false);
    expect(isEntryDue(state([slot], ["ringBehind"]))).toBe(true);
    expect(isEntryDue(state([slot], ["copies"]))).toBe(true);
    expect(isEntryDue({ ...state([slot], []), isOpen: false })).toBe(true);
    expect(isEntryDue({ ...state([], []), isOpen: false })).toBe(false);
  });

  it("behavior: the newest ways in are put back where older ones or none lie", () => {
    expect((["ringGone", "ringOlder", "copies", "oneSlot"] as const).map((kind) => isPutBackDue(state([], [kind])))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("behavior: only a passphrase that is taken as it is has the whole measure", () => {
    expect(strengthText({ score: 4, guessesLog10: 11, isStrong: false })).toEqual({ level: 3, text: "Almost hard enough" });
    expect(strengthText({ score: 4, guessesLog10: 12, isStrong: true })).toEqual({ level: 4, text: "Hard to guess" });
    expect(strengthText({ score: 0, guessesLog10: 1, isStrong: false })).toEqual({ level: 0, text: "Very easy to guess" });
  });

  it("behavior: what the ring refuses is told without its words", () => {
    for (const code of ["SECRET_WRONG", "SLOT_NEEDED", "PASSPHRASE_WEAK"] as const) {
      const { title, advice } = errorText(new BackupError(code, "The passphrase is too easy to guess."));
      expect(title + advice).not.toMatch(/slot|key ring/i);
      expect(advice).toMatch(/^Nothing was changed\./);
    }
  });

  it("behavior: after a new key, how many backups have the old one", () => {
    expect([newKeyText(3, 3), newKeyText(3, 1)]).toEqual([
      "3 older backups have the old key still.",
      "1 older backup has the old key still.",
    ]);
    expect(newKeyText(3, 0)).toMatch(/^All your backups have the new key\./);
    expect(newKeyText(0, 0)).toMatch(/^Made\./);
    expect(newKeyProgress(4, 1)).toMatchObject({ amount: "3 of 4 backups", part: 0.75 });
  });
});
