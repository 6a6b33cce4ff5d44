import { generateArchiveKey } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { fakeHistoryServer, fakeHost, fakeInbox } from "../src/index.ts";

const inboxId = "a".repeat(64);

async function restored() {
  const [old, fresh] = [fakeHost({ inbox: fakeInbox({ groups: 1, dms: 1 }) }), fakeHost()];
  const key = generateArchiveKey();
  const { blob } = await old.exportArchive({ elements: ["consent", "messages"] }, key);
  await fresh.importArchive(blob, key);
  const [group, dm] = await fresh.listConversations();
  if (!group || dm?.peerInboxId === undefined) throw new Error("A group and a DM are missing.");
  return { fresh, group, dm, peerInboxId: dm.peerInboxId };
}

describe("fakeHost", () => {
  it("default: what is restored is inactive, until somebody adds this installation", async () => {
    const { fresh, group, dm, peerInboxId } = await restored();
    expect([group, dm].map(({ isActive, addedByInboxId }) => [isActive, addedByInboxId])).toEqual([
      [false, inboxId],
      [false, inboxId],
    ]);
    const events: string[] = [];
    fresh.watch((event) => events.push(event));
    fresh.activate(group.id, { by: inboxId });
    fresh.activate(dm.id);
    const now = await fresh.listConversations();
    expect(now.map(({ isActive, addedByInboxId }) => [isActive, addedByInboxId])).toEqual([
      [true, inboxId],
      [true, peerInboxId],
    ]);
    expect(events).toEqual(["conversation", "conversation"]);
  });

  it("behavior: counts the DMs that it made, and shares the messages of the old one", async () => {
    const { fresh, dm, peerInboxId } = await restored();
    const made = await fresh.createDm(peerInboxId);
    await fresh.createDm(peerInboxId);
    expect(fresh.madeDms).toEqual([peerInboxId]);
    expect(fresh.inbox.conversations.get(made.id)?.messages).toBe(fresh.inbox.conversations.get(dm.id)?.messages);
  });

  it("parameters: installations: lists the others after the own one", async () => {
    const host = fakeHost({ installations: [{ id: "old", isOwn: false, createdAtMs: 1 }] });
    expect((await host.listInstallations()).map(({ id, isOwn }) => [id === "old", isOwn])).toEqual([
      [false, true],
      [true, false],
    ]);
    host.installations = [];
    expect(await host.listInstallations()).toHaveLength(1);
  });

  it("parameters: answersRequests: gives its history to who asks, until it is closed", async () => {
    const historyServer = fakeHistoryServer();
    const old = fakeHost({ inbox: fakeInbox(), historyServer, answersRequests: true });
    const [stranger, fresh, late] = [
      fakeHost({ inboxId: "b".repeat(64), historyServer }),
      fakeHost({ historyServer }),
      fakeHost({ historyServer }),
    ];
    for (const host of [stranger, fresh]) await host.historySync?.request();
    old.close();
    await late.historySync?.request();
    expect([stranger, fresh, late].map(({ inbox }) => inbox.conversations.size)).toEqual([0, 2, 0]);
  });

  it.each(["request", "send", "list", "process"])("behavior: historySync.%s fails when it is told to", async (method) => {
    const { failures, historySync } = fakeHost({ historyServer: fakeHistoryServer() });
    failures.failNext(`historySync.${method}`, new Error("the server is down"));
    const calls: Record<string, () => Promise<unknown> | undefined> = {
      request: () => historySync?.request(),
      send: () => historySync?.send("1234"),
      list: () => historySync?.list(1),
      process: () => historySync?.process("1234"),
    };
    await expect(calls[method]?.()).rejects.toThrow("the server is down");
  });
});
