import { setTimeout as wait } from "node:timers/promises";
import { type Client, ConsentState, type Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { chat, dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "./support/until.ts";
import { startWorld, type World } from "./support/world.ts";

describe("what else happens to restored conversations", () => {
  let world: World;
  let bob: Client;
  let removedGroupId: string;
  let laterGroup: Group;
  let carol: Client;
  let second: Awaited<ReturnType<typeof restoreEarlier>>;
  let phones: Record<"newer" | "removed" | "removedLater" | "denied" | "notices", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    phones = {
      newer: await restorePhone(world, bob),
      removed: await restorePhone(world, bob, { beforeBackup: beRemoved }),
      removedLater: await restorePhone(world, bob, { beforeBackup: beAdded }),
      denied: await restorePhone(world, bob, { beforeBackup: async (old, { groupId }) => (await find(old, groupId)).updateConsentState(ConsentState.Denied) }),
      notices: await restorePhone(world, bob),
    };
    carol = await world.open(world.newPerson());
    second = await restoreEarlier();
    await laterGroup.removeMembers([phones.removedLater.old.inboxId]);
    await wait(lookEveryMs);
  }, 60_000);
  afterAll(async () => {
    for (const { backups } of [...Object.values(phones), second]) backups.stop();
    await world.dispose();
  });

  /** An archive before and one after the conversations with Carol; the earlier one is restored. */
  async function restoreEarlier() {
    const [person, places] = [world.newPerson(), placesIn(world.newPath("places"))];
    const old = await world.open(person);
    const oldBackups = backupsOf(old, places);
    const { group, dm } = await chat(old, bob);
    const { entry: earlier } = await oldBackups.backup().result;
    const withCarol = await chat(old, carol);
    const { entry: later } = await oldBackups.backup().result;
    await bob.conversations.syncAll();
    await carol.conversations.syncAll();
    const client = await world.open(person);
    const backups = backupsOf(client, places);
    await backups.restore(earlier).result;
    return { client, backups, groupId: group.id, dmId: dm.id, more: { groupId: withCarol.group.id, dmId: withCarol.dm.id }, later };
  }

  /** Bob adds the old phone to a group, and both write. */
  async function beAdded(old: Client): Promise<void> {
    laterGroup = await bob.conversations.createGroup([old.inboxId]);
    await laterGroup.sendText("Welcome");
    await old.conversations.syncAll();
    await (await find(old, laterGroup.id)).sendText("Thanks");
    await laterGroup.sync();
  }

  /** And he removes it. */
  async function beRemoved(old: Client): Promise<void> {
    await beAdded(old);
    removedGroupId = laterGroup.id;
    await laterGroup.removeMembers([old.inboxId]);
    await old.conversations.syncAll();
  }

  it("behavior: a newer archive while waiting fills what was missing, without duplicates", { timeout: 60_000 }, async () => {
    const { old, client, backups, places, groupId, dmId } = phones.newer;
    const [before] = await backups.list();
    expect(backups.conversation(groupId).getState()?.gap).toEqual({ fromMs: before?.createdAtMs });
    await (await find(old, groupId)).sendText("After the backup");
    const { entry } = await backupsOf(old, places).backup().result;
    expect((await backups.gapFillers()).archives.map(({ id }) => id)).toEqual([entry.id]);

    await backups.restore(entry).result;
    expect([await textsOf(client, groupId), await textsOf(client, dmId)]).toEqual([[...groupTexts, "After the backup"], [...dmTexts]]);
    expect(backups.conversation(groupId).getState()).toMatchObject({ status: expect.not.stringContaining("leftOut") as string, gap: { fromMs: entry.createdAtMs } });
    expect(currentOf(backups.activation$).total).toBe(2);

    await (await find(bob, dmId)).sendText("And now?");
    await until(() => backups.canWrite(dmId));
    const { entry: newest } = await backupsOf(old, places).backup().result;
    await backups.restore(newest).result;
    expect(backups.conversation(dmId).getState()).toMatchObject({ status: "active", gap: { isFilled: true } });
    expect([backups.canWrite(dmId), (await find(client, dmId)).isActive, await textsOf(client, dmId)]).toEqual([true, true, [...dmTexts, "And now?"]]);
  });

  it("behavior: two restores one after the other follow what both brought", { timeout: 60_000 }, async () => {
    const { client, backups, groupId, dmId, more, later } = second;
    await backups.restore(later).result;
    expect(currentOf(backups.activation$)).toMatchObject({ total: 4, active: 0 });
    expect([await textsOf(client, groupId), await textsOf(client, more.groupId)]).toEqual([[...groupTexts], [...groupTexts]]);
    for (const [who, id] of [[bob, groupId], [carol, more.groupId]] as const) {
      await (await find(who, id)).sendText("New phone?");
      await until(() => backups.canWrite(id));
    }
    expect([groupId, dmId, more.groupId, more.dmId].map((id) => backups.canWrite(id))).toEqual([true, false, true, false]);
    await backups.restore(later).result;
    expect(currentOf(backups.activation$)).toMatchObject({ total: 4, active: 2 });
    expect((await find(client, groupId)).isActive).toBe(true);
  });

  it("behavior: a group that the user was removed from is told by the archive, and never becomes active with the others", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.removed;
    const [entry] = await backups.list();
    expect(entry?.details?.conversations.filter(({ wasRemoved }) => wasRemoved).map(({ id }) => id)).toEqual([removedGroupId]);
    expect(await textsOf(client, removedGroupId)).toEqual(["Welcome", "Thanks"]);
    await (await find(bob, removedGroupId)).sendText("Without her");
    await (await find(bob, dmId)).sendText("New phone?");
    await until(() => backups.canWrite(dmId));
    expect(backups.conversation(removedGroupId).getState()).toMatchObject({ status: "waiting", wasRemoved: true, expectation: { outlook: "unlikely", reason: "removed" } });
    expect([(await find(client, removedGroupId)).isActive, await textsOf(client, removedGroupId)]).toEqual([false, ["Welcome", "Thanks"]]);
  });

  it("behavior: a removal after the backup leaves it read-only", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.removedLater;
    await laterGroup.sendText("Without her");
    await (await find(bob, dmId)).sendText("New phone?");
    await until(() => backups.canWrite(dmId));
    const { id } = laterGroup;
    expect([backups.canWrite(id), (await find(client, id)).isActive, await textsOf(client, id)]).toEqual([false, false, ["Welcome", "Thanks"]]);
  });

  it("behavior: a denied conversation that becomes active all the same has the message which did it", { timeout: 60_000 }, async () => {
    const { client, backups, groupId } = phones.denied;
    expect(backups.conversation(groupId).getState()?.expectation).toEqual({ outlook: "unlikely", reason: "denied" });
    await (await find(bob, groupId)).sendText("New phone?");
    await until(() => backups.canWrite(groupId));
    expect(backups.conversation(groupId).getState()?.isBackfilled).toBe(true);
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "New phone?"]);
  });

  it("behavior: the user is told of the first and of all, and which installation is the old phone", { timeout: 60_000 }, async () => {
    const { old, backups, groupId, dmId } = phones.notices;
    const heard: string[] = [];
    backups.activationNotices$.subscribe(({ type }) => heard.push(type));
    for (const id of [groupId, dmId]) {
      await (await find(bob, id)).sendText("New phone?");
      await until(() => backups.canWrite(id));
    }
    expect(heard).toEqual(["half", "all"]);
    expect(await backups.otherInstallations()).toMatchObject([{ id: old.installationId, isOwn: false, isSource: true, createdAtMs: expect.any(Number) as number }]);
  });
});
