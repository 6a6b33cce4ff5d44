import type { Client, Dm, Group } from "@xmtp/node-sdk";
import { sdkValues } from "@xmtp-backup/core/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { find } from "./support/chat.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const hourNs = 3_600_000_000_000n;
const nowNs = () => BigInt(Date.now()) * 1_000_000n;

describe("changes of a conversation", () => {
  let talk: Talk;
  let carol: Client;
  beforeAll(async () => {
    talk = await startTalk();
    carol = await talk.world.open(talk.world.newPerson());
    await talk.bob.conversations.syncAll();
  });
  afterAll(() => talk.world.dispose());

  /** What both hosts tell of the group and the DM, once each has heard of everything. */
  async function numbers(): Promise<Record<"group" | "dm", number[]>> {
    const { phone, bob, group, dm } = talk;
    for (const client of [phone, bob]) await client.conversations.syncAll();
    const of = (id: string) => Promise.all([phone, bob].map(async (client) => (await nodeHost(client).revisionOf?.(id)) ?? 0));
    return { group: await of(group.id), dm: await of(dm.id) };
  }

  type Step = [what: string, change: (talk: Talk & { bobs: Group }) => Promise<unknown>];
  const ofGroup: Step[] = [
    ["the name", ({ group }) => group.updateName("Porto in June")],
    ["the description", ({ group }) => group.updateDescription("By train")],
    ["the image", ({ group }) => group.updateImageUrl("https://example.org/porto.png")],
    ["the app data", ({ group }) => group.updateAppData("{}")],
    ["an admin", ({ group, bob }) => group.addAdmin(bob.inboxId)],
    ["one admin less", ({ group, bob }) => group.removeAdmin(bob.inboxId)],
    ["a super admin", ({ group, bob }) => group.addSuperAdmin(bob.inboxId)],
    ["one super admin less", ({ group, bob }) => group.removeSuperAdmin(bob.inboxId)],
    ["a member", ({ group }) => group.addMembers([carol.inboxId])],
    ["one member less", ({ group }) => group.removeMembers([carol.inboxId])],
    ["a timer", ({ group }) => group.updateMessageDisappearingSettings(nowNs(), hourNs)],
    ["no timer", ({ group }) => group.removeMessageDisappearingSettings()],
    ["a name that the other sets", ({ bobs }) => bobs.updateName("Faro in July")],
  ];
  const ofDm: Step[] = [
    ["a timer", ({ dm }) => dm.updateMessageDisappearingSettings(nowNs(), hourNs)],
    ["no timer", ({ dm }) => dm.removeMessageDisappearingSettings()],
  ];

  it.each([...ofGroup.map((step) => ["group", ...step] as const), ...ofDm.map((step) => ["dm", ...step] as const)])(
    "behavior: in the %s, %s is noted by the one who changes it and by the other, and nothing in the other conversation",
    async (kind, _what, change) => {
      const before = await numbers();
      await change({ ...talk, bobs: (await find(talk.bob, talk.group.id)) as Group });
      const after = await numbers();
      const other = kind === "group" ? "dm" : "group";
      expect(after[other]).toEqual(before[other]);
      for (const index of [0, 1]) expect(after[kind][index]).toBeGreaterThan(before[kind][index] as number);
    },
  );

  it("behavior: in a group the kind of these notes counts the same as their types", async () => {
    const { groupChange: kind, changeTypes: contentTypes } = sdkValues;
    await talk.group.updateName("Lisbon in May");
    await talk.bob.conversations.syncAll();
    for (const group of [talk.group, (await find(talk.bob, talk.group.id)) as Group]) {
      const counted = await group.countMessages({ contentTypes });
      expect([counted > 0, await group.countMessages({ kind })]).toEqual([true, counted]);
    }
  });

  it("behavior: messages of either side and a decision change no number", async () => {
    const before = await numbers();
    const [group, dm] = await Promise.all([talk.group.id, talk.dm.id].map((id) => find(talk.bob, id)));
    for (const each of [talk.group, talk.dm, group as Group, dm as Dm]) {
      await each.sendText("Hello");
      await each.sendReadReceipt();
    }
    talk.group.updateConsentState(2);
    talk.group.updateConsentState(1);
    expect(await numbers()).toEqual(before);
  });

  it("behavior: a request to leave is a change for the one who leaves, and so are the removal and the return", async () => {
    const { phone, bob } = talk;
    const group = await phone.conversations.createGroup([bob.inboxId]);
    await bob.conversations.sync();
    const host = nodeHost(bob);
    const seen = [await host.revisionOf?.(group.id)];
    const changed = async () => {
      const number = await host.revisionOf?.(group.id);
      expect(seen).not.toContain(number);
      seen.push(number);
    };
    await ((await find(bob, group.id)) as Group).requestRemoval();
    await changed();
    await group.removeMembers([bob.inboxId]);
    await bob.conversations.syncAll();
    await changed();
    await group.addMembers([bob.inboxId]);
    await bob.conversations.syncAll();
    await changed();
  });

  it("behavior: a change of one of stitched DMs changes the number of each", async () => {
    const { world, alice, phone, bob } = talk;
    const client = await world.open(alice);
    const key = new Uint8Array(32).fill(1);
    const archive = await nodeHost(phone).exportArchive({ elements: ["messages"] }, key);
    const host = nodeHost(client);
    await host.importArchive(archive.blob, key);
    await archive.release();
    const made = await host.createDm(bob.inboxId);
    const ids = [made.id, talk.dm.id];
    const before = await Promise.all(ids.map(async (id) => host.revisionOf?.(id)));
    await (await find(client, made.id)).updateMessageDisappearingSettings(nowNs(), hourNs);
    for (const [index, id] of ids.entries()) expect(await host.revisionOf?.(id)).toBeGreaterThan(before[index] ?? 0);
  });
});
