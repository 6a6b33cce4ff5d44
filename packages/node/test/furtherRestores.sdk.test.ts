import { setTimeout as wait } from "node:timers/promises";
import { type Client, ConsentState, type Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { chat, dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { currentOf } from "./support/currentOf.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

describe("what else happens to restored conversations", () => {
  let world: World;
  let bob: Client;
  let removedGroupId: string;
  let laterGroup: Group;
  let carol: Client;
  let newer: Awaited<ReturnType<typeof restoreEarlier<unknown>>>;
  let second: Awaited<ReturnType<typeof restoreEarlier<{ groupId: string; dmId: string }>>>;
  let phones: Record<"removed" | "removedLater" | "denied" | "notices", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    phones = {
      removed: await restorePhone(world, bob, { beforeBackup: beRemoved }),
      removedLater: await restorePhone(world, bob, { beforeBackup: async (old) => (laterGroup = await beAdded(old)) }),
      denied: await restorePhone(world, bob, {
        beforeBackup: async (old, { groupId }) => (await find(old, groupId)).updateConsentState(ConsentState.Denied),
      }),
      notices: await restorePhone(world, bob, { beforeBackup: beAdded }),
    };
    carol = await world.open(world.newPerson());
    newer = await restoreEarlier(async (old, groupId) => (await find(old, groupId)).sendText("After the backup"));
    second = await restoreEarlier(talkWithCarol);
    await laterGroup.removeMembers([phones.removedLater.old.inboxId]);
    await wait(lookEveryMs);
  }, 60_000);
  afterAll(async () => {
    for (const { backups } of [...Object.values(phones), newer, second]) backups.stop();
    await world.dispose();
  });

  /** An archive before and one after something that happens on the old phone; the earlier one is restored. */
  async function restoreEarlier<T>(happens: (old: Client, groupId: string) => Promise<T>) {
    const [person, places] = [world.newPerson(), placesIn(world.newPath("places"))];
    const old = await world.open(person);
    const oldBackups = backupsOf(old, places);
    const { group, dm } = await chat(old, bob);
    const { entry: earlier } = await oldBackups.backup().result;
    const between = await happens(old, group.id);
    const { entry: later } = await oldBackups.backup().result;
    await bob.conversations.syncAll();
    const client = await world.open(person);
    const backups = backupsOf(client, places);
    await backups.restore(earlier).result;
    return { client, backups, oldBackups, groupId: group.id, dmId: dm.id, between, earlier, later };
  }

  /** Begins to talk with Carol too. */
  async function talkWithCarol(old: Client): Promise<{ groupId: string; dmId: string }> {
    const { group, dm } = await chat(old, carol);
    await carol.conversations.syncAll();
    return { groupId: group.id, dmId: dm.id };
  }

  /** Bob adds the old phone to a group, and both write. */
  async function beAdded(old: Client): Promise<Group> {
    const group = await bob.conversations.createGroup([old.inboxId]);
    await group.sendText("Welcome");
    await old.conversations.syncAll();
    await (await find(old, group.id)).sendText("Thanks");
    await group.sync();
    return group;
  }

  /** And he removes it. */
  async function beRemoved(old: Client): Promise<void> {
    const group = await beAdded(old);
    removedGroupId = group.id;
    await group.removeMembers([old.inboxId]);
    await old.conversations.syncAll();
  }

  it("behavior: a newer archive while waiting fills what was missing, without duplicates", { timeout: 60_000 }, async () => {
    const { client, backups, oldBackups, groupId, dmId, earlier, later } = newer;
    expect(backups.conversation(groupId).getState()?.gap).toEqual({ fromMs: earlier.createdAtMs });
    expect((await backups.gapFillers()).archives.map(({ id }) => id)).toEqual([later.id]);

    await backups.restore(later).result;
    expect([await textsOf(client, groupId), await textsOf(client, dmId)]).toEqual([[...groupTexts, "After the backup"], [...dmTexts]]);
    expect(backups.conversation(groupId).getState()).toMatchObject({ status: "waiting", gap: { fromMs: later.createdAtMs } });
    expect(currentOf(backups.activation$)).toMatchObject({ total: 2, active: 0 });

    await (await find(bob, dmId)).sendText("And now?");
    await until(() => backups.canWrite(dmId));
    const { entry: newest } = await oldBackups.backup().result;
    await backups.restore(newest).result;
    expect(backups.conversation(dmId).getState()).toMatchObject({ status: "active", gap: { isFilled: true } });
    expect([backups.canWrite(dmId), (await find(client, dmId)).isActive, await textsOf(client, dmId)]).toEqual([
      true,
      true,
      [...dmTexts, "And now?"],
    ]);
  });

  it("behavior: two restores one after the other follow what both brought", { timeout: 60_000 }, async () => {
    const { client, backups, groupId, dmId, between: more, later } = second;
    await backups.restore(later).result;
    expect(currentOf(backups.activation$)).toMatchObject({ total: 4, active: 0 });
    expect([await textsOf(client, groupId), await textsOf(client, more.groupId)]).toEqual([[...groupTexts], [...groupTexts]]);
    for (const [who, id] of [
      [bob, groupId],
      [carol, more.groupId],
    ] as const) {
      await (await find(who, id)).sendText("New phone?");
      await until(() => backups.canWrite(id));
    }
    expect([groupId, dmId, more.groupId, more.dmId].map((id) => backups.canWrite(id))).toEqual([true, false, true, false]);
    await backups.restore(later).result;
    expect(currentOf(backups.activation$)).toMatchObject({ total: 4, active: 2 });
    expect((await find(client, groupId)).isActive).toBe(true);
  });

  it("behavior: a group that the user was removed from is told by the archive, and never becomes active with the others", {
    timeout: 60_000,
  }, async () => {
    const { client, backups, dmId } = phones.removed;
    const [entry] = await backups.list();
    expect(entry?.details?.conversations.filter(({ wasRemoved }) => wasRemoved).map(({ id }) => id)).toEqual([removedGroupId]);
    expect(await textsOf(client, removedGroupId)).toEqual(["Welcome", "Thanks"]);
    await (await find(bob, removedGroupId)).sendText("Without her");
    await (await find(bob, dmId)).sendText("New phone?");
    await until(() => backups.canWrite(dmId));
    expect(backups.conversation(removedGroupId).getState()).toMatchObject({
      status: "waiting",
      wasRemoved: true,
      expectation: { outlook: "unlikely", reason: "removed" },
    });
    expect([(await find(client, removedGroupId)).isActive, await textsOf(client, removedGroupId)]).toEqual([false, ["Welcome", "Thanks"]]);
  });

  it("behavior: a removal after the backup leaves it read-only", { timeout: 60_000 }, async () => {
    const { client, backups, dmId } = phones.removedLater;
    await laterGroup.sendText("Without her");
    await (await find(bob, dmId)).sendText("New phone?");
    await until(() => backups.canWrite(dmId));
    const { id } = laterGroup;
    expect([backups.canWrite(id), (await find(client, id)).isActive, await textsOf(client, id)]).toEqual([
      false,
      false,
      ["Welcome", "Thanks"],
    ]);
  });

  it("behavior: a denied conversation that becomes active all the same has the message which did it", { timeout: 60_000 }, async () => {
    const { client, backups, groupId } = phones.denied;
    expect(backups.conversation(groupId).getState()?.expectation).toEqual({ outlook: "unlikely", reason: "denied" });
    await (await find(bob, groupId)).sendText("New phone?");
    await until(() => backups.canWrite(groupId));
    expect(backups.conversation(groupId).getState()?.isBackfilled).toBe(true);
    expect(await textsOf(client, groupId)).toEqual([...groupTexts, "New phone?"]);
  });

  it("behavior: the user is told of the first, of half and of all, and which installation is the old phone", {
    timeout: 60_000,
  }, async () => {
    const { old, backups } = phones.notices;
    const heard: unknown[] = [];
    backups.activationNotices$.subscribe((notice) => heard.push(notice));
    for (const { id } of currentOf(backups.activation$).conversations) {
      await (await find(bob, id)).sendText("New phone?");
      await until(() => backups.canWrite(id));
    }
    expect(heard).toEqual(
      [
        ["first", 1],
        ["half", 2],
        ["all", 3],
      ].map(([type, active]) => ({ type, active, total: 3 })),
    );
    expect(await backups.otherInstallations()).toMatchObject([
      { id: old.installationId, isOwn: false, isSource: true, createdAtMs: expect.any(Number) as number },
    ]);
  });
});
