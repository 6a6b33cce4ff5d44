import { type Client, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { dmTexts, find, textsOf } from "./support/chat.ts";
import { startTalk, type Talk } from "./support/talk.ts";
import { until } from "../../../test/until.ts";

describe("conversations of nodeHost", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
    await talk.bob.conversations.syncAll();
  });
  afterAll(() => talk.world.dispose());

  /** A new installation that holds what the phone holds, inactive. */
  async function restored(): Promise<Client> {
    const { world, alice, phone } = talk;
    const client = await world.open(alice);
    const key = new Uint8Array(32).fill(1);
    const archive = await nodeHost(phone).exportArchive({ elements: ["consent", "messages"] }, key);
    await nodeHost(client).importArchive(archive.blob, key);
    await archive.release();
    return client;
  }

  it("default: syncing everything brings the messages of denied conversations too", async () => {
    const { phone, bob } = talk;
    const group = await bob.conversations.createGroup([phone.inboxId]);
    await phone.conversations.sync();
    const denied = await find(phone, group.id);
    denied.updateConsentState(ConsentState.Denied);
    await group.sendText("You can't hear me");
    await phone.conversations.syncAll();
    expect(await textsOf(phone, group.id)).toEqual([]);
    await nodeHost(phone).syncAll();
    expect(await textsOf(phone, group.id)).toEqual(["You can't hear me"]);
  });

  it("behavior: a DM that the SDK left half made counts neither as active nor as made, until the peer writes", {
    timeout: 60_000,
  }, async () => {
    const { world, bob, dm } = talk;
    const client = await restored();
    const host = nodeHost(client);
    world.network.faults.refuse("SendGroupMessages", { times: Infinity });
    await expect(host.createDm(bob.inboxId)).rejects.toMatchObject({ code: "HOST_FAILED", retryable: true });
    world.network.faults.clear();
    expect(client.conversations.getDmByInboxId(bob.inboxId)?.isActive).toBe(true);
    expect(await host.listConversations({ peerInboxIds: [bob.inboxId] })).toEqual([]);
    await expect(host.createDm(bob.inboxId)).rejects.toThrow("half made");

    await until(async () => {
      await (await find(bob, dm.id)).sendText("Are you there?");
      await host.syncConversations();
      return (await find(client, dm.id)).isActive;
    });
    expect((await host.createDm(bob.inboxId)).id).toBe(dm.id);
    expect((await host.listConversations({ peerInboxIds: [bob.inboxId] })).map(({ id }) => id)).toEqual([dm.id]);
  });

  it.each(["GetIdentityUpdates", "FetchKeyPackages"] as const)(
    "behavior: without %s no DM is begun, and the next try makes it",
    { timeout: 30_000 },
    async (rpc) => {
      const { world, bob } = talk;
      const client = await restored();
      const host = nodeHost(client);
      world.network.faults.refuse(rpc, { times: Infinity });
      await expect(host.createDm(bob.inboxId)).rejects.toMatchObject({ code: "HOST_FAILED", retryable: true });
      world.network.faults.clear();
      expect(client.conversations.getDmByInboxId(bob.inboxId)).toBeUndefined();
      const made = await host.createDm(bob.inboxId);
      expect((await textsOf(client, made.id)).slice(0, 2)).toEqual(dmTexts);
    },
  );

  it("behavior: no DM is begun with who is not there", async () => {
    const { phone } = talk;
    const host = nodeHost(phone);
    const before = await host.listConversations();
    await expect(host.createDm("ff".repeat(32))).rejects.toMatchObject({ code: "HOST_FAILED" });
    expect((await host.listConversations()).length).toBe(before.length);
  });
});
