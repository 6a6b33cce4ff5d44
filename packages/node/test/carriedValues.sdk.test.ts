import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readArchive } from "@xmtp-backup/archive";
import type { ArchiveEntry, ArchivePreview, Backups } from "@xmtp-backup/core";
import { type Client, Dm, Group, GroupPermissionsOptions } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { backupsOf, type Places, placesIn } from "./support/backupsOf.ts";
import { find } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import type { Person } from "./support/person.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

/** A device of Alice's, and the archive that it made. */
type Generation = { client: Client; backups: Backups; entry: ArchiveEntry };

describe("who made a conversation, when, and who its admins are", () => {
  let world: World;
  let [bob, carol, dave]: Client[] = [];
  let alice: Person;
  let places: Places;
  let first: Generation;
  let generations: Generation[];
  let ids: { group: string; dm: string; own: string };

  beforeAll(async () => {
    world = await startWorld();
    [bob, carol, dave] = await Promise.all([1, 2, 3].map(() => world.open(world.newPerson())));
    alice = world.newPerson();
    places = placesIn(world.newPath("places"));
    const client = await world.open(alice);
    const group = await bob!.conversations.createGroup([client.inboxId, carol!.inboxId, dave!.inboxId], {
      groupName: "Night train",
      groupDescription: "To Lisbon",
      groupImageUrlSquare: "https://example.org/train.png",
      appData: '{"seat":12}',
      messageDisappearingSettings: { fromNs: 1n, inNs: 10n ** 18n },
    });
    await group.addSuperAdmin(carol!.inboxId);
    await group.addAdmin(dave!.inboxId);
    await group.sendText("All aboard");
    const dm = await bob!.conversations.createDm(client.inboxId);
    await dm.sendText("Got a seat?");
    const own = await client.conversations.createGroup([bob!.inboxId], {
      groupName: "Mine",
      permissions: GroupPermissionsOptions.AdminOnly,
    });
    await own.sendText("Only us");
    await client.conversations.syncAll();
    ids = { group: group.id, dm: dm.id, own: own.id };
    first = await backUp(client);
    generations = [first];
    for (let count = 0; count < 3; count += 1) generations.push(await restoreAndBackUp(generations.at(-1)!.entry));
  }, 60_000);
  afterAll(async () => {
    for (const { backups } of generations) backups.stop();
    await world.dispose();
  });

  async function backUp(client: Client): Promise<Generation> {
    const backups = backupsOf(client, places);
    return { client, backups, entry: (await backups.backup().result).entry };
  }

  async function restoreAndBackUp(from: ArchiveEntry): Promise<Generation> {
    const client = await world.open(alice);
    const backups = backupsOf(client, places);
    await backups.restore(from).result;
    return { client, backups, entry: (await backups.backup().result).entry };
  }

  const valuesIn = ({ conversations }: ArchivePreview) =>
    Object.fromEntries(
      conversations.map(({ id, createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds, superAdminInboxIds }) => [
        id,
        { createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds, superAdminInboxIds: superAdminInboxIds?.toSorted() },
      ]),
    );

  async function valuesOf(client: Client, id: string) {
    const conversation = await find(client, id);
    const isGroup = conversation instanceof Group;
    return {
      createdAtNs: conversation.createdAtNs,
      creatorInboxId: (await conversation.metadata()).creatorInboxId,
      addedByInboxId: conversation.addedByInboxId,
      adminInboxIds: isGroup ? conversation.listAdmins() : [],
      superAdminInboxIds: isGroup ? conversation.listSuperAdmins().toSorted() : [],
    };
  }

  const preview = ({ backups, entry }: Generation) => backups.inspect(entry);

  async function groupsIn({ entry }: Generation) {
    const [key] = await fileKeys({ path: places.keyPath }).load();
    const groups = [];
    for await (const record of readArchive(await openAsBlob(join(places.directory, `${entry.id}.xmtp`)), key!))
      if (record.kind === "group") groups.push(record.group);
    return groups;
  }

  it("default: the preview shows what the client knew", async () => {
    const shown = valuesIn(await preview(first));
    for (const id of Object.values(ids)) expect(shown[id]).toEqual(await valuesOf(first.client, id));
    expect(shown[ids.group]).toMatchObject({ creatorInboxId: bob!.inboxId, adminInboxIds: [dave!.inboxId] });
    expect(shown[ids.group]?.superAdminInboxIds).toEqual([bob!.inboxId, carol!.inboxId].toSorted());
    expect(shown[ids.own]).toMatchObject({ creatorInboxId: first.client.inboxId, superAdminInboxIds: [first.client.inboxId] });
  });

  it("behavior: the SDK names the user and the time of the restore until the conversation is active", async () => {
    const { client } = generations[1]!;
    const me = client.inboxId;
    const { createdAtNs } = await valuesOf(first.client, ids.group);
    const placeholder = await valuesOf(client, ids.group);
    expect(placeholder).toMatchObject({ creatorInboxId: me, addedByInboxId: me, adminInboxIds: [], superAdminInboxIds: [me] });
    expect(placeholder.createdAtNs).toBeGreaterThan(createdAtNs);
    expect(await valuesOf(client, ids.dm)).toMatchObject({ creatorInboxId: me, addedByInboxId: me });
    const group = (await find(client, ids.group)) as Group;
    expect([group.name, group.description, group.imageUrl, group.appData]).toEqual([
      "Night train",
      "To Lisbon",
      "https://example.org/train.png",
      '{"seat":12}',
    ]);
    const permissions = await Promise.all(
      [first.client, client].map(async (each) => ((await find(each, ids.own)) as Group).permissions().policyType),
    );
    expect(permissions).toEqual([GroupPermissionsOptions.AdminOnly, GroupPermissionsOptions.Default]);
    expect(group.messageDisappearingSettings()).toEqual({ fromNs: 1n, inNs: 10n ** 18n });
  });

  it("behavior: every generation of archives says what the first did", async () => {
    const shown = valuesIn(await preview(first));
    for (const generation of generations.slice(1)) {
      expect(valuesIn(await preview(generation))).toEqual(shown);
      expect(generation.entry.details?.counts).toMatchObject({ conversations: 3, messages: 3 });
      expect(await generation.backups.verify(generation.entry.id)).toMatchObject({ id: generation.entry.id });
    }
  });

  it("behavior: a followed conversation says what its archive did", async () => {
    const { backups } = generations[3]!;
    const [{ exportedAtNs }, shown] = [await preview(generations[2]!), valuesIn(await preview(first))];
    for (const id of Object.values(ids)) {
      const { superAdminInboxIds = [], ...archived } = backups.conversation(id).getState()?.archived ?? {};
      expect({ ...archived, superAdminInboxIds: superAdminInboxIds.toSorted() }).toEqual({ ...shown[id], exportedAtNs });
    }
  });

  it("behavior: names, texts and timers are the client's own, and the record keeps all its fields", async () => {
    for (const generation of generations) {
      const group = (await groupsIn(generation)).find(({ id }) => id === ids.group);
      expect(group).toMatchObject({ messageDisappearFromNs: 1n, messageDisappearInNs: 10n ** 18n, conversationType: "group" });
      expect(group?.mutableMetadata?.attributes).toMatchObject({
        group_name: "Night train",
        description: "To Lisbon",
        app_data: '{"seat":12}',
      });
    }
  });

  it("behavior: a kill during the import, and a backup before the next start, lose nothing of it", { timeout: 30_000 }, async () => {
    const dbPath = world.newPath("killed.db3");
    const client = await world.open(alice, { dbPath });
    const cut = backupsOf(client, places);
    // What was stopped follows nothing: the note of the import is all that is left, as after a kill.
    cut.stop();
    await cut.restore(first.entry).result;
    const { backups, entry } = await backUp(client);
    expect(valuesIn(await backups.inspect(entry))).toEqual(valuesIn(await preview(first)));
    await closeClient(client);

    const again = await world.open(alice, { dbPath });
    const next = backupsOf(again, places);
    await next.start();
    expect(next.conversation(ids.group).getState()?.archived?.creatorInboxId).toBe(bob!.inboxId);
    next.stop();
  });

  it("behavior: an archive that the SDK alone made of a restored client says nothing of them", async () => {
    const { client, backups } = generations[1]!;
    const path = world.newPath("raw.xmtp");
    const key = new Uint8Array(32).fill(9);
    await client.createArchive(path, key);
    const { conversations } = await backups.inspect(await openAsBlob(path), { key });
    expect(conversations).toHaveLength(3);
    for (const conversation of conversations) expect(conversation).not.toHaveProperty("creatorInboxId");
  });

  it("behavior: once it is active, the client's own values go into archives; the time of its creation is that of the activation", {
    timeout: 60_000,
  }, async () => {
    const { client, backups } = generations[2]!;
    const before = await valuesOf(first.client, ids.group);
    await wait(lookEveryMs);
    await ((await find(bob!, ids.group)) as Group).sendText("Still there?");
    await until(() => backups.canWrite(ids.group));
    const { createdAtNs, ...values } = await valuesOf(client, ids.group);
    const { createdAtNs: createdBefore, ...valuesBefore } = before;
    expect(values).toEqual(valuesBefore);
    expect(createdAtNs).toBeGreaterThan(createdBefore);

    const { entry } = await backups.backup().result;
    const shown = valuesIn(await backups.inspect(entry));
    expect(shown[ids.group]).toEqual({ ...values, createdAtNs });
    expect(shown[ids.dm]).toEqual(valuesIn(await preview(first))[ids.dm]);
    expect(backups.conversation(ids.group).getState()?.archived?.createdAtNs).toBe(createdBefore);
    expect(await find(client, ids.dm)).toBeInstanceOf(Dm);
  });
});
