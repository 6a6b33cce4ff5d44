import { setTimeout as wait } from "node:timers/promises";
import type { Backups } from "@xmtp-backup/core";
import { type Client, ConsentEntityType, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { find } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

const [Allowed, Unknown, Denied] = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied] as const;
const all = [Allowed, Unknown, Denied];

/** Conversations of one kind of maker: of Alice herself, or of Bob, whose are message requests to her until she decides. */
type Made = { groupId: string; dmId: string };

describe("decisions", () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  async function converse(maker: Client, other: Client): Promise<Made> {
    const group = await maker.conversations.createGroup([other.inboxId], { groupName: "Lisbon in May" });
    await group.sendText("Hello, all");
    const dm = await maker.conversations.createDm(other.inboxId);
    await dm.sendText("Hello, you");
    for (const client of [maker, other]) await client.conversations.syncAll(all);
    return { groupId: group.id, dmId: dm.id };
  }

  async function decide(client: Client, { groupId, dmId }: Made, person: string, state: ConsentState): Promise<void> {
    for (const id of [groupId, dmId]) (await find(client, id)).updateConsentState(state);
    await client.preferences.setConsentStates([{ entityType: ConsentEntityType.InboxId, entity: person, state }]);
  }

  async function consentsOf(client: Client, { groupId, dmId }: Made, person: string): Promise<ConsentState[]> {
    const [group, dm] = [await find(client, groupId), await find(client, dmId)];
    return [group.consentState(), dm.consentState(), await client.preferences.getConsentState(ConsentEntityType.InboxId, person)];
  }

  async function newPhone(
    person: Awaited<ReturnType<typeof restorePhone>>["person"],
    places: Places,
  ): Promise<{ client: Client; backups: Backups }> {
    const client = await world.open(person);
    const backups = backupsOf(client, places);
    await backups.start();
    return { client, backups };
  }

  it.each([
    ["denied", "Alice", Denied],
    ["denied", "Bob", Denied],
    ["unknown", "Bob", Unknown],
    ["allowed", "Bob", Allowed],
  ] as const)(
    "default: what is %s, made by %s, is so after the restore and after the activation",
    { timeout: 60_000 },
    async (_word, who, state) => {
      const phone = await restorePhone(world, bob);
      phone.backups.stop();
      const { person, old, places } = phone;
      const friend = await world.open(world.newPerson());
      const made = who === "Alice" ? await converse(old, friend) : await converse(friend, old);
      await decide(old, made, friend.inboxId, state);
      const { entry } = await backupsOf(old, places).backup().result;

      const { client, backups } = await newPhone(person, places);
      await backups.restore(entry).result;
      expect(await consentsOf(client, made, friend.inboxId)).toEqual([state, state, state]);
      expect(currentOf(backups.activation$).recreatable.includes(made.dmId)).toBe(state === Allowed);

      await wait(lookEveryMs);
      for (const id of [made.groupId, made.dmId]) await (await find(friend, id)).sendText("Are you there?");
      await until(() => backups.canWrite(made.groupId) && backups.canWrite(made.dmId), 30_000);
      expect(await consentsOf(client, made, friend.inboxId)).toEqual([state, state, state]);
      backups.stop();
    },
  );

  it("behavior: what the user unblocks on the new phone stays so at the activation", { timeout: 60_000 }, async () => {
    const { old, client, backups, groupId } = await restorePhone(world, bob, {
      beforeBackup: async (phone, ids) => (await find(phone, ids.groupId)).updateConsentState(Denied),
    });
    await backups.start();
    (await find(client, groupId)).updateConsentState(Allowed);
    await until(() => backups.conversation(groupId).getState()?.consent === "allowed", 30_000);
    await wait(lookEveryMs);
    await (await find(bob, groupId)).sendText("Are you there?");
    await until(() => backups.canWrite(groupId), 30_000);
    expect([(await find(client, groupId)).consentState(), (await find(old, groupId)).consentState()]).toEqual([Allowed, Denied]);
    backups.stop();
  });

  it.each([
    ["blocked", Allowed, Denied],
    ["unblocked", Denied, Allowed],
  ] as const)(
    "behavior: what was %s after the first archive is so in whatever order both are restored, unless decided here since",
    { timeout: 60_000 },
    async (_word, first, last) => {
      const { person, old, places, backups: unused, groupId, dmId } = await restorePhone(world, bob);
      unused.stop();
      const made = { groupId, dmId };
      const entries = [];
      for (const state of [first, last]) {
        await decide(old, made, bob.inboxId, state);
        entries.push((await backupsOf(old, places).backup().result).entry);
      }
      const [older, newer] = entries as [(typeof entries)[0], (typeof entries)[0]];
      for (const order of [
        [older, newer],
        [newer, older],
      ]) {
        const { client, backups } = await newPhone(person, places);
        for (const entry of order) await backups.restore(entry).result;
        expect(await consentsOf(client, made, bob.inboxId)).toEqual([last, last, last]);
        backups.stop();

        await decide(client, made, bob.inboxId, first);
        const restarted = backupsOf(client, places);
        await restarted.start();
        for (const entry of order) await restarted.restore(entry).result;
        expect(await consentsOf(client, made, bob.inboxId)).toEqual([first, first, first]);
        restarted.stop();
      }
    },
  );

  it("behavior: what a newer archive denies stays so, although the Welcome comes with the first look after it", {
    timeout: 60_000,
  }, async () => {
    const { person, old, places, backups: unused, groupId, dmId } = await restorePhone(world, bob);
    unused.stop();
    const older = (await backupsOf(old, places).backup().result).entry;
    await decide(old, { groupId, dmId }, bob.inboxId, Denied);
    const newer = (await backupsOf(old, places).backup().result).entry;
    const { client, backups } = await newPhone(person, places);
    await backups.restore(older).result;
    await until(() => backups.conversation(groupId).getState()?.consent === "allowed", 30_000);
    backups.stop();
    await wait(lookEveryMs);
    for (const id of [groupId, dmId]) await (await find(bob, id)).sendText("Are you there?");

    const again = backupsOf(client, places);
    await again.restore(newer).result;
    await again.start();
    await until(() => again.canWrite(groupId) && again.canWrite(dmId), 30_000);
    expect(await consentsOf(client, { groupId, dmId }, bob.inboxId)).toEqual([Denied, Denied, Denied]);
    again.stop();
  });

  it("behavior: a DM that was blocked on the new phone stays so when the restore brings the old one with the same person", {
    timeout: 60_000,
  }, async () => {
    const { person, places, entry, dmId } = await allowedOnOldPhone();
    const { client, backups } = await newPhone(person, places);
    const dm = await client.conversations.createDm(bob.inboxId);
    dm.updateConsentState(Denied);
    await backups.restore(entry).result;
    expect(client.conversations.listDms({ consentStates: all }).map((each) => each.consentState())).toEqual([Denied]);
    expect(dmId).not.toBe(dm.id);
    expect(client.conversations.listDms({ consentStates: all, includeDuplicateDms: true }).map((each) => each.consentState())).toEqual([
      Denied,
      Denied,
    ]);
    backups.stop();
  });

  it.each([
    ["denied", Denied],
    ["unknown", Unknown],
  ] as const)(
    "behavior: what is %s in the archive is so although members had added the new phone before the restore",
    { timeout: 60_000 },
    async (_word, state) => {
      const phone = await restorePhone(world, bob);
      phone.backups.stop();
      const { person, old, places } = phone;
      const made = { groupId: phone.groupId, dmId: phone.dmId };
      await decide(old, made, bob.inboxId, state);
      const { entry } = await backupsOf(old, places).backup().result;
      const { client, backups } = await newPhone(person, places);
      await wait(lookEveryMs);
      for (const id of [made.groupId, made.dmId]) await (await find(bob, id)).sendText("Are you there?");
      await until(async () => {
        await client.conversations.sync();
        return (await client.conversations.list({ consentStates: all })).length === 2;
      }, 30_000);
      expect((await consentsOf(client, made, bob.inboxId)).slice(0, 2)).toEqual([Allowed, Allowed]);
      await backups.restore(entry).result;
      expect(await consentsOf(client, made, bob.inboxId)).toEqual([state, state, state]);
      backups.stop();
    },
  );

  async function allowedOnOldPhone() {
    const { person, old, places, backups, dmId } = await restorePhone(world, bob);
    backups.stop();
    const { entry } = await backupsOf(old, places).backup().result;
    return { person, places, entry, dmId };
  }
});
