import type { BrokenConversation } from "@xmtp-backup/core";
import { type Client, ConsentEntityType, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { chat, find } from "./support/chat.ts";
import { closeClient, closedOrSkip } from "./support/closeClient.ts";
import { loseState } from "./support/loseState.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const key = new Uint8Array(32).fill(1);
const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

describe("listConversations of nodeHost", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
    await talk.bob.conversations.syncAll();
  });
  afterAll(() => talk.world.dispose());

  /** The ids that the SDK's own lists give, which read every message. */
  function idsOf({ conversations }: Client): string[] {
    const options = { consentStates, includeDuplicateDms: true };
    return [...conversations.listGroups(options), ...conversations.listDms(options)].map(({ id }) => id).sort();
  }

  async function listedIds(client: Client, host = nodeHost(client)): Promise<string[]> {
    return (await host.listConversations()).map(({ id }) => id).sort();
  }

  /** A tablet with what the phone has, inactive, and a DM that was made beside the restored one. */
  async function tabletWithStitchedDms(): Promise<Client> {
    const { world, alice, phone, bob } = talk;
    const tablet = await world.open(alice);
    const archive = await nodeHost(phone).exportArchive({ elements: ["consent", "messages"] }, key);
    await nodeHost(tablet).importArchive(archive.blob, key);
    await archive.release();
    await tablet.conversations.createDm(bob.inboxId);
    return tablet;
  }

  /** The client, with calls that are other ones. */
  function withCalls(client: Client, calls: Record<string, unknown>): Client {
    const bound = (target: object, name: string | symbol) => {
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    };
    const conversations = new Proxy(client.conversations, {
      get: (target, name) => (typeof name === "string" && name in calls ? calls[name] : bound(target, name)),
    });
    return new Proxy(client, { get: (target, name) => (name === "conversations" ? conversations : bound(target, name)) });
  }

  const noListing = () => {
    throw new Error("A listing read every message.");
  };

  it("default: gives what the SDK's lists give, without a listing: of every consent, stitched DMs each on their own", async () => {
    const { bob } = talk;
    const tablet = await tabletWithStitchedDms();
    const [denied, unknown] = [
      await tablet.conversations.createGroup([bob.inboxId]),
      await bob.conversations.createGroup([tablet.inboxId]),
    ];
    await tablet.conversations.sync();
    denied.updateConsentState(ConsentState.Denied);
    (await find(tablet, talk.dm.id)).updateConsentState(ConsentState.Denied);
    const all = idsOf(tablet);
    expect(all).toEqual(expect.arrayContaining([denied.id, unknown.id, talk.dm.id, talk.group.id]));
    expect(all).toHaveLength(5);
    const host = nodeHost(withCalls(tablet, { listGroups: noListing, listDms: noListing }));
    for (let listing = 0; listing < 2; listing += 1) expect(await listedIds(tablet, host)).toEqual(all);
    expect((await host.listConversations()).filter(({ consent }) => consent === "denied").map(({ id }) => id)).toContain(denied.id);
  });

  it("behavior: with device sync on, and with a group that nobody was told of yet, there is no listing either", async () => {
    const { world, bob } = talk;
    const carol = world.newPerson();
    const [phone] = [await world.open(carol, { deviceSync: true }), await world.open(carol, { deviceSync: true })];
    await phone.conversations.createGroup([bob.inboxId]);
    phone.conversations.createGroupOptimistic();
    await phone.syncAllDeviceSyncGroups();
    const host = nodeHost(withCalls(phone, { listGroups: noListing, listDms: noListing }));
    const all = idsOf(phone);
    expect(all).toHaveLength(2);
    expect(await listedIds(phone, host)).toEqual(all);
  });

  it("behavior: a conversation that comes after the first listing, or that is denied since, is in the next", async () => {
    const { bob } = talk;
    const tablet = await tabletWithStitchedDms();
    const host = nodeHost(withCalls(tablet, { listGroups: noListing, listDms: noListing }));
    const before = await listedIds(tablet, host);
    const added = await bob.conversations.createGroup([tablet.inboxId]);
    await tablet.conversations.sync();
    expect(await listedIds(tablet, host)).toEqual([...before, added.id].sort());
    (await find(tablet, added.id)).updateConsentState(ConsentState.Denied);
    expect((await host.listConversations()).find(({ id }) => id === added.id)?.consent).toBe("denied");
  });

  it("behavior: a denied conversation of another device is not listed until it is here", async () => {
    const { world, alice, phone } = talk;
    const tablet = await world.open(alice);
    await tablet.preferences.setConsentStates([
      { entityType: ConsentEntityType.GroupId, entity: talk.group.id, state: ConsentState.Denied },
      { entityType: ConsentEntityType.GroupId, entity: talk.dm.id, state: ConsentState.Allowed },
    ]);
    const host = nodeHost(tablet);
    const broken: BrokenConversation[] = [];
    const list = () => host.listConversations({ onBroken: (each) => broken.push(each) });
    expect([await list(), await list(), broken]).toEqual([[], [], []]);
    const archive = await nodeHost(phone).exportArchive({ elements: ["messages"] }, key);
    await host.importArchive(archive.blob, key);
    await archive.release();
    expect(await listedIds(tablet, host)).toEqual(idsOf(tablet));
    expect((await list()).find(({ id }) => id === talk.group.id)?.consent).toBe("denied");
  });

  it.each([
    ["allowed", ConsentState.Allowed],
    ["denied", ConsentState.Denied],
  ])("behavior: a broken group that is %s is named beside denied ones, in every listing", async (_what, state) => {
    const { world, bob } = talk;
    const alice = world.newPerson();
    const device = { dbPath: world.newPath("client.db3"), encrypted: false };
    const before = await world.open(alice, device);
    const { group, dm } = await chat(before, bob);
    const denied = await before.conversations.createGroup([bob.inboxId]);
    denied.updateConsentState(ConsentState.Denied);
    group.updateConsentState(state);
    await closeClient(before);
    loseState(device.dbPath, group.id);
    const client = await world.open(alice, device);
    for (const host of [nodeHost(client), nodeHost(client)]) {
      for (let listing = 0; listing < 2; listing += 1) {
        const broken: (string | undefined)[] = [];
        const listed = await host.listConversations({ onBroken: ({ id }) => broken.push(id) });
        expect([listed.map(({ id }) => id).sort(), broken]).toEqual([[dm.id, denied.id].sort(), [group.id]]);
      }
      expect(await host.countMessages(group.id)).toBe(2);
    }
  });

  it.each([
    ["are missing", undefined],
    [
      "fail",
      () => {
        throw new Error("a group is broken");
      },
    ],
  ])("behavior: where the SDK's HMAC keys %s, its lists give the conversations", async (_what, hmacKeys) => {
    const { phone } = talk;
    expect(await listedIds(phone, nodeHost(withCalls(phone, { hmacKeys })))).toEqual(idsOf(phone));
  });

  it("behavior: the HMAC keys, which are secrets, are overwritten at once", async () => {
    const { phone } = talk;
    const given: Uint8Array[] = [];
    const hmacKeys = () => {
      const keys = phone.conversations.hmacKeys();
      given.push(...Object.values(keys).flatMap((each) => each.map((one) => one.key)));
      return keys;
    };
    await nodeHost(withCalls(phone, { hmacKeys })).listConversations();
    expect(given.length).toBeGreaterThan(0);
    expect(given.every((each) => each.every((byte) => byte === 0))).toBe(true);
  });

  it("behavior: a client that is closed after a listing fails as closed", async (context) => {
    closedOrSkip(context);
    const tablet = await tabletWithStitchedDms();
    const host = nodeHost(tablet);
    const [{ id } = { id: "" }] = await host.listConversations();
    await closeClient(tablet);
    const closed = { code: "CLIENT_CLOSED" };
    await expect(host.listConversations()).rejects.toMatchObject(closed);
    await expect(host.listConversations({ ids: [id] })).rejects.toMatchObject(closed);
    await expect(host.countMessages(id)).rejects.toMatchObject(closed);
    await expect(host.revisionOf?.(id)).rejects.toMatchObject(closed);
  });
});
