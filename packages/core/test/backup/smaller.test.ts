import { type Backups, type BackupPolicy, type BackupStatus, createBackups, type ReminderHandle, switchBackups } from "@xmtp-backup/core";
import { type FakeInbox, fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { BehaviorSubject } from "rxjs";
import { describe, expect, it, vi } from "vitest";
import { world, partsOf } from "../support/world.ts";

const dayMs = 24 * 60 * 60 * 1000;

/** Leaves so many messages in each conversation, as a database does that was rolled back. */
function lose(inbox: FakeInbox, left: number): void {
  for (const { messages } of inbox.conversations.values()) for (const id of [...messages.keys()].slice(left)) messages.delete(id);
}

function loseConversations(inbox: FakeInbox, left: number): void {
  for (const id of [...inbox.conversations.keys()].slice(left)) inbox.conversations.delete(id);
}

function life(policy: BackupPolicy = {}, inbox = fakeInbox({ groups: 4, messagesEach: 30 })) {
  const one = world({ inbox }, { policy: { frequency: "daily", keep: { last: 3 }, ...policy } });
  let status: BackupStatus = {};
  let reminders: readonly ReminderHandle[] = [];
  one.backups.status$.subscribe((next) => (status = next));
  one.backups.reminders$.subscribe((next) => (reminders = next));
  return {
    ...one,
    inbox,
    status: () => status,
    reminders: () => reminders,
    async backUp(times = 1) {
      for (let count = 0; count < times; count += 1) {
        one.clock.sleep(dayMs);
        await one.backups.backup().result;
      }
    },
    held: async (backups: Backups = one.backups) => (await backups.list()).map(({ details }) => details?.counts.messages),
    becomes: (check: () => void) => vi.waitFor(check, { interval: 2 }),
  };
}

describe("an archive that suddenly holds far less", () => {
  it("default: health and a reminder say so, and no larger one is pruned until the user confirms it", async () => {
    const { backups, backUp, inbox, status, reminders, held, becomes } = life();
    await backUp(3);
    lose(inbox, 1);
    await backups.start();
    await backUp(5);
    expect(await held()).toEqual([4, 4, 4, 120, 120, 120]);
    await becomes(() =>
      expect(status().health).toMatchObject({ level: "warning", reason: "smaller", smaller: { messages: 4, than: { messages: 120 } } }),
    );
    const [newest, , , than] = await backups.list();
    expect(status().smaller).toEqual({
      archiveId: newest?.id,
      messages: 4,
      conversations: 4,
      than: { archiveId: than?.id, messages: 120, conversations: 4 },
    });
    await becomes(() => expect(reminders()[0]).toMatchObject({ kind: "smaller", action: "acceptSmaller" }));
    expect((await backups.planRetention()).at(-1)?.reasons).toEqual([{ reason: "holdsMore" }]);

    await backups.acceptSmaller();
    await becomes(() => expect(status().health?.level).toBe("ok"));
    expect(status()).not.toHaveProperty("smaller");
    expect(reminders().map(({ kind }) => kind)).not.toContain("smaller");
    await backUp();
    expect(await held()).toEqual([4, 4, 4]);
    backups.stop();
  });

  it("behavior: conversations that are gone are one too, whatever the messages", async () => {
    const { backups, backUp, inbox, held } = life({}, fakeInbox({ groups: 5, messagesEach: 4 }));
    await backUp(2);
    loseConversations(inbox, 2);
    const [kept] = inbox.conversations.values();
    for (let count = 0; count < 20; count += 1)
      kept?.messages.set(`${count}`.padStart(64, "0"), {
        id: `${count}`.padStart(64, "0"),
        text: "",
        sentAtNs: 1_700_000_000_000_000_001n,
        senderInboxId: "b".repeat(64),
      });
    await backUp(6);
    expect((await held()).filter((count) => count === 20)).toHaveLength(2);
    backups.stop();
  });

  it("behavior: a decay in many steps keeps the archive that holds the most, and is found in the end", async () => {
    const { backups, backUp, inbox, held } = life();
    await backUp();
    for (const left of [26, 22, 19, 17, 15]) {
      lose(inbox, left);
      await backUp();
    }
    expect(await held()).toEqual([60, 68, 76, 120]);
    expect((await backups.planRetention()).at(-1)?.reasons).toEqual([{ reason: "holdsMost" }]);
    for (const left of [14, 13, 12, 11, 10]) {
      lose(inbox, left);
      await backUp();
    }
    expect((await held()).at(-1)).toBe(120);
    expect((await backups.planRetention()).at(-1)?.reasons).toEqual([{ reason: "holdsMore" }]);
  });

  it("behavior: the user's word is for this drop only, outlives the process, and a note that can't be read is none", async () => {
    const { backups, backUp, inbox, held, host, store, keys, clock } = life();
    await backUp(2);
    lose(inbox, 10);
    await backUp();
    await backups.acceptSmaller();
    await backUp(3);
    expect(await held()).toEqual([40, 40, 40]);
    lose(inbox, 1);
    const next = createBackups({ host, store, keys, clock, policy: { keep: { last: 1 } } });
    clock.sleep(dayMs);
    expect((await next.backup().result).prunedIds).toEqual([]);
    expect(await held()).toEqual([4, 40, 40, 40]);
    await next.acceptSmaller();
    const read = await host.journal.read("accepted-smaller");
    await host.journal.write("accepted-smaller", { ...(read as object), version: 2 });
    expect((await next.planRetention()).map(({ action }) => action)).toEqual(["keep", "keep", "keep", "keep"]);
    await host.journal.write("accepted-smaller", read ?? null);
    expect((await next.planRetention()).map(({ action }) => action)).toEqual(["keep", "remove", "remove", "remove"]);
  });

  it("behavior: a drop that was made up for is none any more", async () => {
    const { backups, backUp, inbox, status, held, becomes } = life();
    await backUp(2);
    const whole = structuredClone(inbox.conversations);
    lose(inbox, 0);
    await backups.start();
    await backUp();
    await becomes(() => expect(status().smaller).toBeDefined());
    for (const [id, conversation] of whole) inbox.conversations.set(id, conversation);
    await backUp(3);
    await becomes(() => expect(status().health?.level).toBe("ok"));
    expect(await held()).toEqual([120, 120, 120]);
    backups.stop();
  });

  it("behavior: messages that disappear after a time explain themselves, and hide no other loss", async () => {
    const inbox = fakeInbox({ groups: 4, messagesEach: 30 });
    const [timed, , lost] = [...inbox.conversations.values()];
    Object.assign(timed ?? {}, { disappearsInNs: 60_000_000_000n });
    for (let count = 0; count < 400; count += 1)
      timed?.messages.set(`${count}`.padStart(64, "0"), {
        id: `${count}`.padStart(64, "0"),
        text: "",
        sentAtNs: 1_700_000_000_000_000_001n,
        senderInboxId: "b".repeat(64),
      });
    const { backups, backUp, held, status, becomes } = life({}, inbox);
    await backUp();
    timed?.messages.clear();
    await backups.start();
    await backUp(3);
    await becomes(() => expect(status().health?.level).toBe("ok"));
    expect(await held()).toEqual([90, 90, 90]);
    for (const each of inbox.conversations.values()) if (each !== lost) each.messages.clear();
    await backUp(4);
    expect((await held()).filter((count) => count === 90).length).toBeGreaterThan(1);
    await becomes(() => expect(status().smaller).toMatchObject({ messages: 30, than: { messages: 90 } }));
    backups.stop();
  });

  it("parameters: keep.larger: false lets them go, and says nothing", async () => {
    const { backups, backUp, inbox, held, status, becomes } = life({ keep: { last: 2, larger: false } });
    await backUp(2);
    lose(inbox, 1);
    await backups.start();
    await backUp(3);
    expect(await held()).toEqual([4, 4]);
    await becomes(() => expect(status().health?.level).toBe("ok"));
    backups.stop();
    expect(() => createBackups({ ...partsOf(life()), policy: { keep: { last: 1, larger: "no" as never } } })).toThrowError(
      expect.objectContaining({ code: "POLICY_INVALID" }) as Error,
    );
  });

  it("behavior: it is seen too where the policy makes no whole archives", async () => {
    const { backups, inbox, clock, status, held, becomes } = life({ elements: ["messages"] });
    const backUpParts = async (times: number) => {
      for (let count = 0; count < times; count += 1) {
        clock.sleep(dayMs);
        await backups.backup({ elements: ["messages"] }).result;
      }
    };
    await backUpParts(3);
    lose(inbox, 1);
    await backups.start();
    await backUpParts(5);
    expect((await held()).slice(-3)).toEqual([120, 120, 120]);
    await becomes(() => expect(status().smaller).toMatchObject({ messages: 4, than: { messages: 120 } }));
    backups.stop();
  });

  it("behavior: it is seen where the app leaves disappearing messages out of every backup", async () => {
    const { backups, inbox, clock, held } = life();
    const backUpParts = async (times: number) => {
      for (let count = 0; count < times; count += 1) {
        clock.sleep(dayMs);
        await backups.backup({ excludeDisappearingMessages: true }).result;
      }
    };
    await backUpParts(3);
    lose(inbox, 1);
    await backUpParts(5);
    expect((await held()).slice(-3)).toEqual([120, 120, 120]);
  });

  it("behavior: half is none, and with nothing smaller the user's word notes nothing", async () => {
    const { backups, backUp, inbox, host, status, becomes } = life();
    await backUp();
    await backups.acceptSmaller();
    expect(await host.journal.read("accepted-smaller")).toBeUndefined();
    lose(inbox, 15);
    await backups.start();
    await backUp();
    await becomes(() => expect(status().health?.level).toBe("ok"));
    backups.stop();
  });

  it("behavior: archives of other inboxes and of live installations are no measure", async () => {
    const { backups, store, keys, clock, status, becomes } = life({}, fakeInbox({ messagesEach: 1 }));
    const other = fakeHost({ inboxId: "c".repeat(64), inbox: fakeInbox({ messagesEach: 90 }) });
    await createBackups({ host: other, store, keys, clock }).backup().result;
    await backups.start();
    await backups.backup().result;
    await becomes(() => expect(status().health?.level).toBe("ok"));
    backups.stop();
  });

  it("parameters: signal, a store that is down, and a journal that can't be written", async () => {
    const { backups, backUp, inbox, host, store } = life();
    await backUp();
    lose(inbox, 1);
    await backUp();
    await expect(backups.acceptSmaller({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    vi.spyOn(host.journal, "write").mockRejectedValue(new Error("read-only"));
    await expect(switchBackups(new BehaviorSubject(backups)).acceptSmaller()).rejects.toMatchObject({ code: "JOURNAL_FAILED" });
    store.failures.failNext("open", new Error("down"));
    await expect(backups.acceptSmaller()).rejects.toMatchObject({ code: "STORE_FAILED" });
  });
});
