import { setTimeout as wait } from "node:timers/promises";
import type { Client, Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { isSettled } from "./support/isSettled.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "./support/until.ts";
import { startWorld, type World } from "./support/world.ts";

/** An app looks for new installations of the others at most every 5 s in a conversation. */
const lookEveryMs = 5_200;

describe("activation", () => {
  let world: World;
  let bob: Client;
  let phones: Record<"byMember" | "byOtherInstallation" | "byStitching" | "whileDown" | "notYet", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    phones = {
      byMember: await restorePhone(world, bob),
      byOtherInstallation: await restorePhone(world, bob),
      byStitching: await restorePhone(world, bob),
      whileDown: await restorePhone(world, bob),
      notYet: await restorePhone(world, bob),
    };
    await wait(lookEveryMs);
  });
  afterAll(async () => {
    for (const { backups } of Object.values(phones)) backups.stop();
    await world.dispose();
  });

  it("default: a member's message activates its conversation and is there, one after the other", { timeout: 60_000 }, async () => {
    const { backups, client, groupId, dmId } = phones.byMember;
    const group = (await find(client, groupId)) as Group;
    const counts: string[] = [];
    const subscription = backups.activation$.subscribe(({ active, total }) => counts.push(`${active} of ${total}`));
    await expect(backups.guardWrites(group).updateName("Never")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });

    await (await find(bob, groupId)).sendText("New phone?");
    await until(() => backups.canWrite(groupId));
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "New phone?"]);
    expect([backups.canWrite(dmId), (await find(client, dmId)).isActive]).toEqual([false, false]);

    await (await find(bob, dmId)).sendText("Are you there?");
    await until(() => isSettled(backups));
    expect([backups.canWrite(dmId), await textsOf(client, dmId)]).toEqual([true, [...dmTexts, "Are you there?"]]);
    subscription.unsubscribe();
    expect(counts).toEqual(["0 of 2", "1 of 2", "2 of 2"]);

    await backups.guardWrites(group).sendText("Back again");
    const bobs = (await find(bob, groupId)) as Group;
    await bobs.sync();
    expect([await textsOf(bob, groupId), bobs.name]).toEqual([[...groupTexts, "New phone?", "Back again"], "Lisbon in May"]);
  });

  it("behavior: a message of the user's other installation activates its conversation and is there", { timeout: 60_000 }, async () => {
    const { backups, client, old, groupId, dmId } = phones.byOtherInstallation;
    for (const id of [groupId, dmId]) await (await find(old, id)).sendText("From the old phone");
    await until(() => isSettled(backups));
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "From the old phone"]);
    expect(await textsOf(client, dmId)).toEqual([...dmTexts, "From the old phone"]);
    expect([groupId, dmId].map((id) => backups.canWrite(id))).toEqual([true, true]);
  });

  it("behavior: a new DM with the same peer takes the history over and counts as active", { timeout: 60_000 }, async () => {
    const { backups, client, groupId, dmId } = phones.byStitching;
    const stitched = await client.conversations.createDm(bob.inboxId);
    expect(stitched.id).not.toBe(dmId);
    expect(await textsOf(client, stitched.id)).toEqual(dmTexts);
    await backups.guardWrites(stitched).sendText("A new thread");

    await bob.conversations.syncAll();
    await (await find(bob, stitched.id)).sendText("That I can read");
    const conversations = await until(() => {
      const state = currentOf(backups.activation$);
      return state.active > 0 && state.conversations;
    }, 30_000);
    expect(conversations.find(({ id }) => id === dmId)).toMatchObject({ kind: "dm", peerInboxId: bob.inboxId, status: "active", activeId: stitched.id });
    expect([backups.canWrite(dmId), backups.canWrite(stitched.id), backups.canWrite(groupId)]).toEqual([false, true, false]);
    await until(async () => (await textsOf(client, stitched.id)).includes("That I can read"));
    expect((await client.conversations.list()).filter(({ id }) => id !== groupId).map(({ id }) => id)).toEqual([stitched.id]);
  });

  it("behavior: what became active while the app was down is found by its next start", { timeout: 60_000 }, async () => {
    const { backups, client, person, places, groupId, dmId } = phones.whileDown;
    const dbPath = String(client.options?.dbPath);
    backups.stop();
    await client.close();
    for (const id of [groupId, dmId]) await (await find(bob, id)).sendText("You were away");

    const reopened = await world.open(person, { dbPath });
    const restarted = backupsOf(reopened, places);
    await restarted.start();
    expect(currentOf(restarted.activation$).total).toBe(2);
    await until(() => isSettled(restarted));
    for (const id of [groupId, dmId]) {
      expect(restarted.canWrite(id)).toBe(true);
      expect(await textsOf(reopened, id)).toContain("You were away");
    }
    restarted.stop();
  });

  it("behavior: nobody's writing leaves it inactive, and a member's sync alone does too", async () => {
    const { backups, client, groupId } = phones.notYet;
    await (await find(bob, groupId)).sync();
    await client.conversations.sync();
    expect((await find(client, groupId)).isActive).toBe(false);
    expect(currentOf(backups.activation$)).toMatchObject({ total: 2, active: 0 });
  });
});
