import { setTimeout as wait } from "node:timers/promises";
import { type Client, ConsentState, type Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { chat, dmTexts, find, textsOf } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

const all = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

describe("what nothing is waited for", () => {
  let world: World;
  let bob: Client;
  let carol: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    carol = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  /** A group of Bob's with Carol, which Alice asks to leave while Bob, its admin, is away. */
  async function restoreAfterLeaving(): Promise<RestoredPhone & { leftId: string }> {
    let leftId = "";
    const phone = await restorePhone(world, carol, {
      beforeBackup: async (old) => {
        const group = await bob.conversations.createGroup([old.inboxId, carol.inboxId], { groupName: "The group that I left" });
        await group.sendText("Welcome");
        for (const client of [old, carol]) await client.conversations.syncAll(all);
        await ((await find(old, group.id)) as Group).requestRemoval();
        leftId = group.id;
      },
    });
    await phone.backups.start();
    return { ...phone, leftId };
  }

  it("default: a group that the user left is not waited for, and a member's message does not make it writable", {
    timeout: 60_000,
  }, async () => {
    const { client, backups, groupId, leftId } = await restoreAfterLeaving();
    expect(backups.conversation(leftId).getState()).toMatchObject({
      status: "readOnly",
      expectation: { outlook: "unlikely", reason: "left" },
    });
    expect(currentOf(backups.activation$)).toMatchObject({ total: 3, waiting: 2, readOnly: 1 });

    await wait(lookEveryMs);
    for (const id of [leftId, groupId]) await (await find(carol, id)).sendText("Where is Alice?");
    await until(() => backups.canWrite(groupId), 30_000);
    expect([(await find(client, leftId)).isActive, backups.canWrite(leftId)]).toEqual([true, false]);
    await expect(backups.guardWrites(await find(client, leftId)).sendText("Here")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });

    await until(async () => {
      await bob.conversations.syncAll(all);
      await client.conversations.syncAll(all);
      return !(await find(client, leftId)).isActive;
    }, 30_000);
    backups.lookNow();
    expect([backups.canWrite(leftId), (await textsOf(client, leftId))[0]]).toEqual([false, "Welcome"]);
    backups.stop();
  });

  it("behavior: the user wants it back after all: it is active again", { timeout: 60_000 }, async () => {
    const { client, backups, leftId } = await restoreAfterLeaving();
    await wait(lookEveryMs);
    await (await find(carol, leftId)).sendText("Where is Alice?");
    backups.trackAgain([leftId]);
    await until(() => backups.canWrite(leftId), 30_000);
    await backups.guardWrites(await find(client, leftId)).sendText("I stay");
    await carol.conversations.syncAll(all);
    expect(await textsOf(carol, leftId)).toContain("I stay");
    backups.stop();
  });

  it("parameters: allowOtherInbox: the DMs of another inbox are history alone, and nobody gets a DM of it", {
    timeout: 60_000,
  }, async () => {
    const { old, places, backups: unused } = await restorePhone(world, bob);
    unused.stop();
    const { entry } = await backupsOf(old, places).backup().result;
    const later = await world.open(world.newPerson());
    const own = await chat(later, carol);
    const known = [bob, old].map((client) => client.conversations.listDms({ consentStates: all }).length);
    const backups = backupsOf(later, places, { activation: { recreateDms: "auto" } });
    await backups.start();
    await backups.restore(entry, { allowOtherInbox: true }).result;

    const dms = currentOf(backups.activation$).conversations.filter(({ kind }) => kind === "dm");
    expect(dms.map(({ status, expectation, peerInboxId }) => [status, expectation.reason, peerInboxId])).toEqual([
      ["readOnly", "otherInbox", undefined],
    ]);
    expect([
      await textsOf(later, dms[0]?.id ?? ""),
      backups.canWrite(dms[0]?.id ?? ""),
      backups.recreateDms(dms.map(({ id }) => id)),
    ]).toEqual([[...dmTexts], false, []]);
    // A DM that is made by itself is made within the first looks.
    await wait(lookEveryMs);
    await own.group.sendText("Still me");
    for (const client of [bob, old]) await client.conversations.syncAll(all);
    expect([bob, old].map((client) => client.conversations.listDms({ consentStates: all }).length)).toEqual(known);
    backups.stop();
  });
});
