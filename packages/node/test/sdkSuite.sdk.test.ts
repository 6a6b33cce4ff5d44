import { setTimeout as wait } from "node:timers/promises";
import { createBackups } from "@xmtp-backup/core";
import { type Client, ConsentState } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf, type Places, placesIn } from "./support/backupsOf.ts";
import { chat, dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { contentOf } from "./support/contentOf.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { type RestoredPhone, restorePhone } from "./support/restoredPhone.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

/** The behaviours that XMTP's own SDKs test for archives, through this plugin. */
describe("what the platform SDKs promise of archives", () => {
  let world: World;
  let bob: Client;
  let phones: Record<"send" | "duplicate", RestoredPhone>;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
    phones = { send: await restorePhone(world, bob), duplicate: await restorePhone(world, bob) };
    await wait(lookEveryMs);
  }, 60_000);
  afterAll(async () => {
    for (const { backups } of Object.values(phones)) backups.stop();
    await world.dispose();
  });

  function syncingBackups(client: Client, { directory, keyPath }: Places = placesIn(world.newPath("places"))) {
    return createBackups({
      host: nodeHost(client, { historySyncUrl: world.network.url }),
      store: fileStore({ directory }),
      keys: fileKeys({ path: keyPath }),
    });
  }

  it("default: a fresh import is inactive with all messages; a member sends and it can be written", { timeout: 60_000 }, async () => {
    const { client, backups, groupId } = phones.send;
    expect([(await find(client, groupId)).isActive, await textsOf(client, groupId)]).toEqual([false, [...groupTexts]]);
    await (await find(bob, groupId)).sendText("hey");
    await until(() => backups.canWrite(groupId));
    await (await find(client, groupId)).sendText("hi");
    await (await find(bob, groupId)).sync();
    expect(await textsOf(bob, groupId)).toEqual([...groupTexts, "hey", "hi"]);
  });

  it("default: an inactive DM and a duplicate DM are one entry of the list with the messages of both", { timeout: 60_000 }, async () => {
    const { client, backups, dmId, groupId } = phones.duplicate;
    const duplicate = await client.conversations.createDm(bob.inboxId);
    await duplicate.sendText("in the duplicate");
    backups.lookNow();
    await until(() => backups.conversation(dmId).getState()?.status === "active");
    const listed = (await client.conversations.list()).map(({ id }) => id);
    expect(listed.sort()).toEqual([groupId, duplicate.id].sort());
    expect(await textsOf(client, duplicate.id)).toEqual([...dmTexts, "in the duplicate"]);
  });

  it("default: an import onto a full database keeps every count", { timeout: 60_000 }, async () => {
    const [person, places] = [world.newPerson(), placesIn(world.newPath("places"))];
    const phone = await world.open(person);
    await chat(phone, bob);
    const backups = backupsOf(phone, places);
    const { entry } = await backups.backup().result;
    const before = await contentOf(phone);
    await backups.restore(entry).result;
    expect(await contentOf(phone)).toEqual(before);
    expect(phone.conversations.listGroups().every(({ isActive }) => isActive)).toBe(true);
    backups.stop();
  });

  it("default: an archive is sent to the other device and processed by its pin", { timeout: 60_000 }, async () => {
    const person = world.newPerson();
    const old = await world.open(person);
    const { group, dm } = await chat(old, bob);
    const fresh = await world.open(person);
    const [oldBackups, backups] = [syncingBackups(old), syncingBackups(fresh)];
    await backups.historySync.request();
    await oldBackups.historySync.send("123456");
    expect(await backups.historySync.available()).toMatchObject([
      { pin: "123456", installationId: old.installationId, elements: ["consent", "messages"] },
    ]);
    await expect(backups.historySync.process("654321")).rejects.toMatchObject({ code: "HISTORY_SYNC_FAILED" });

    const brought = await backups.historySync.process("123456");
    expect(brought.newConversationIds.sort()).toEqual([group.id, dm.id].sort());
    expect([await textsOf(fresh, group.id), await textsOf(fresh, dm.id)]).toEqual([[...groupTexts], [...dmTexts]]);
    expect([group.id, dm.id].map((id) => backups.canWrite(id))).toEqual([false, false]);
    expect(backups.conversation(group.id).getState()?.gap.fromMs).toBeGreaterThan(0);
    await expect(backups.guardWrites(await find(fresh, group.id)).sendText("x")).rejects.toMatchObject({ code: "CONVERSATION_INACTIVE" });
    [oldBackups, backups].forEach((each) => each.stop());
  });

  it("default: with device sync on, a request is answered by the other device, and what arrives inactive is followed", {
    timeout: 90_000,
  }, async () => {
    const person = world.newPerson();
    const old = await world.open(person, { deviceSync: true });
    const { group, dm } = await chat(old, bob);
    // The other device lets the new one into everything but what is denied: that is what arrives inactive.
    const denied = await old.conversations.createGroup([bob.inboxId]);
    await denied.sendText("Buy now");
    denied.updateConsentState(ConsentState.Denied);
    const fresh = await world.open(person, { deviceSync: true });
    const backups = syncingBackups(fresh);
    await backups.start();
    await backups.historySync.request();
    const tracked = await until(async () => {
      await old.conversations.sync();
      backups.lookNow();
      return backups.conversation(denied.id).getState();
    }, 60_000);
    expect(tracked).toMatchObject({ status: "waiting", expectation: { outlook: "unlikely", reason: "denied" } });
    expect([await textsOf(fresh, denied.id), backups.canWrite(denied.id), (await find(fresh, denied.id)).isActive]).toEqual([
      ["Buy now"],
      false,
      false,
    ]);
    for (const [id, texts] of [
      [group.id, groupTexts],
      [dm.id, dmTexts],
    ] as const) {
      await until(async () => (await find(fresh, id)).isActive && backups.canWrite(id));
      await until(async () => (await textsOf(fresh, id)).length === texts.length);
    }
    backups.stop();
  });
});
