import { setTimeout as wait } from "node:timers/promises";
import type { Client, Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { currentOf } from "./support/currentOf.ts";
import { isSettled } from "./support/isSettled.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

describe("activation", () => {
  let world: World;
  let bob: Client;
  let phones: Record<"byMember" | "whileDown", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    phones = {
      byMember: await restorePhone(world, bob),
      whileDown: await restorePhone(world, bob),
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
    await client.conversations.syncAll();
    expect([group.name, ((await find(client, groupId)) as Group).name]).toEqual(["Lisbon in May", "Lisbon in May"]);
  });

  it("behavior: what became active while the app was down is found by its next start", { timeout: 60_000 }, async () => {
    const { backups, client, person, places, groupId, dmId } = phones.whileDown;
    const dbPath = String(client.options?.dbPath);
    backups.stop();
    await closeClient(client);
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
});
