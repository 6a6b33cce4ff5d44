import { fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { backUp, world } from "../support/world.ts";
import { dmsOf, open, passUntil, restored, stateOf } from "../support/restoredPhone.ts";

describe("backups.guardWrites", () => {
  function conversationOf(id: string) {
    const sent: string[] = [];
    return {
      sent,
      conversation: {
        id,
        title: "Group 0",
        async sendText(text: string) {
          sent.push(text);
          return this.id;
        },
        history: () => ["Message 0"],
      },
    };
  }

  it("default: writes are refused while inactive and pass through afterwards", async () => {
    const { backups, host, clock, ids } = await restored();
    const [first = ""] = ids;
    const { conversation, sent } = conversationOf(first);
    const guarded = backups.guardWrites(conversation);
    await expect(guarded.sendText("too early")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    expect([guarded.history(), guarded.title, sent]).toEqual([["Message 0"], "Group 0", []]);
    host.activate(first);
    await passUntil(clock, () => expect(backups.canWrite(first)).toBe(true));
    expect(await guarded.sendText("now")).toBe(first);
    expect([sent, guarded.sendText === guarded.sendText]).toEqual([["now"], true]);
  });

  it("behavior: conversations that were not restored are never guarded", async () => {
    const { backups } = await restored();
    const { conversation, sent } = conversationOf("another");
    await backups.guardWrites(conversation).sendText("hello");
    expect([backups.canWrite("another"), sent]).toEqual([true, ["hello"]]);
  });

  it("default: what is written to the old DM of a new one goes to the new one", async () => {
    const { backups, host, clock } = await restored(fakeInbox({ groups: 0, dms: 1 }));
    const [dm] = dmsOf(host);
    const old = conversationOf(dm?.id ?? "");
    const before = backups.guardWrites({ ...old.conversation, duplicateDms: async () => [] });
    await expect(before.sendText("here?")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    backups.recreateDms();
    await passUntil(clock, () => expect(backups.canWrite(dm?.id ?? "")).toBe(true));
    const newer = conversationOf(backups.conversation(dm?.id ?? "").getState()?.activeId ?? "");
    const guarded = backups.guardWrites({
      ...old.conversation,
      duplicateDms: async () => [conversationOf("another").conversation, newer.conversation],
    });
    await guarded.sendText("here");
    expect([old.sent, newer.sent]).toEqual([[], ["here"]]);
  });

  it("behavior: a restored DM can be written at once where another with its person is active here already", async () => {
    const one = world({ inbox: fakeInbox({ groups: 0, dms: 1 }) });
    const entry = await backUp(one.backups);
    const two = open(one);
    const [dm] = dmsOf(one.host);
    await two.host.createDm(dm?.peerInboxId ?? "");
    await two.backups.restore(entry).result;
    expect([two.backups.canWrite(dm?.id ?? ""), stateOf(two.backups).active]).toEqual([true, 1]);
  });

  it("behavior: the old DM of a new one names it, and is written again once its peer wrote in it", async () => {
    const { backups, host, clock } = await restored(fakeInbox({ groups: 0, dms: 1 }));
    const [dm] = dmsOf(host);
    const old = dm?.id ?? "";
    backups.recreateDms();
    await passUntil(clock, () => expect(stateOf(backups).active).toBe(1));
    const { conversation, sent } = conversationOf(old);
    const guarded = backups.guardWrites(conversation);
    await expect(guarded.sendText("here?")).rejects.toMatchObject({
      code: "CONVERSATION_INACTIVE",
      details: expect.stringContaining(backups.conversation(old).getState()?.activeId ?? "?") as string,
    });
    host.activate(old);
    await guarded.sendText("here");
    expect(sent).toEqual(["here"]);
    await passUntil(clock, () => expect(backups.canWrite(old)).toBe(true));
  });
});

describe("backups.otherInstallations", () => {
  it("default: the newest first, and which of them the archive came from", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { installationId } = await one.host.identity();
    const installations = [
      { id: installationId, isOwn: false, createdAtMs: 1 },
      { id: "laptop", isOwn: false, createdAtMs: 2 },
    ];
    const { backups } = open(one, { installations });
    await backups.restore(entry).result;
    expect(await backups.otherInstallations()).toEqual([
      { id: "laptop", isOwn: false, createdAtMs: 2, isSource: false },
      { id: installationId, isOwn: false, createdAtMs: 1, isSource: true },
    ]);
  });
});
