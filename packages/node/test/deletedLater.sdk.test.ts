import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import type { ArchiveEntry, Backups } from "@xmtp-backup/core";
import { type Client, ConsentState, type Dm, type Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { archiveOf, recordsOf } from "./support/archiveOf.ts";
import { type Places, backupsOf, placesIn } from "./support/backupsOf.ts";
import { find, textsOf } from "./support/chat.ts";
import { startWorld, type World } from "./support/world.ts";

const anyConsent = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];
const none = { deleted: 0, expired: 0, unsent: 0, oddDms: 0 };

const deletionType = { authorityId: "xmtp.org", typeId: "deleteMessage", versionMajor: 1, versionMinor: 0 };
const nameOf = (messageId: string) => {
  const id = new TextEncoder().encode(messageId);
  return Uint8Array.from([0x0a, id.length, ...id]);
};
const deleteForEveryone = (conversation: Group | Dm, messageId: string) =>
  conversation.send({ type: deletionType, parameters: {}, content: nameOf(messageId) }, { shouldPush: false });

const keyIn = async ({ keyPath }: Places) => (await fileKeys({ path: keyPath }).load())[0]!;
const fileOf = ({ directory }: Places, { id }: ArchiveEntry) => openAsBlob(join(directory, `${id}.xmtp`));
const idsIn = async (places: Places, entry: ArchiveEntry) => {
  const ids: string[] = [];
  for await (const record of readArchive(await fileOf(places, entry), await keyIn(places)))
    if (record.kind === "message") ids.push(record.message.id);
  return ids;
};

describe("deletions in an archive of its own", { timeout: 60_000 }, () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  const newPlaces = () => placesIn(world.newPath("places"));

  /** Alice's two archives: one with everything, and one after Bob has deleted a message of his, and tried it with one of hers. */
  async function twoArchives() {
    const alice = world.newPerson();
    const phone = await world.open(alice);
    const dm = await bob.conversations.createDm(phone.inboxId);
    await dm.sendText("stays");
    const secret = await dm.sendText("THE SECRET");
    const group = await phone.conversations.createGroup([bob.inboxId], { groupName: "Ours" });
    const own = await group.sendText("Alice keeps this");
    await bob.conversations.syncAll(anyConsent);
    const bobs = await find(bob, group.id);
    const rude = await bobs.sendText("RUDE");
    await phone.conversations.syncAll(anyConsent);
    const places = newPlaces();
    const older = (await backupsOf(phone, places).backup().result).entry;
    await deleteForEveryone(dm, secret);
    await deleteForEveryone(bobs, own); // Bob is no super admin: this hides nothing.
    await deleteForEveryone(group, rude); // Alice is one.
    await phone.conversations.syncAll(anyConsent);
    const newer = (await backupsOf(phone, places).backup().result).entry;
    const deleted = [
      { id: secret, conversationId: dm.id },
      { id: rude, conversationId: group.id },
    ];
    return { alice, phone, places, older, newer, dm, group, deleted };
  }

  it("default: after the archive that holds them, an older one does not bring the messages back", async () => {
    const { alice, places, older, newer, dm, group } = await twoArchives();
    const client = await world.open(alice);
    const backups = backupsOf(client, places);
    expect(await backups.restore(newer).result).toMatchObject({ leftOut: none, deletedMessages: [] });
    // Another process restores the older one, from the list and from a file.
    const later = backupsOf(client, places);
    expect(await later.inspect(older)).toMatchObject({ counts: { messages: 2 }, leftOut: { ...none, deleted: 2 } });
    expect(await later.restore(older).result).toMatchObject({
      messages: { restored: 2, expected: 2 },
      incompleteConversationIds: [],
      leftOut: { ...none, deleted: 2 },
    });
    expect(await later.restore(await fileOf(places, older)).result).toMatchObject({
      leftOut: { ...none, deleted: 2 },
      deletedMessages: [],
    });
    expect(await textsOf(client, dm.id)).toEqual(["stays"]);
    expect(await textsOf(client, group.id)).toEqual(["Alice keeps this"]);
    expect(await later.deletedMessages()).toEqual([]);
    // Another device has seen no deletion yet.
    expect(await backupsOf(await world.open(alice), places).inspect(older)).toMatchObject({ counts: { messages: 4 }, leftOut: none });
  });

  it("behavior: what an older archive has brought already is named, and goes into no new archive", async () => {
    const { alice, places, older, newer, dm, deleted } = await twoArchives();
    const client = await world.open(alice);
    const backups = backupsOf(client, places);
    expect(await backups.restore(older).result).toMatchObject({ leftOut: none, deletedMessages: [] });
    expect(await backups.deletedMessages()).toEqual([]);
    const result = await backups.restore(newer).result;
    expect(result.deletedMessages).toHaveLength(2);
    expect(result.deletedMessages).toEqual(expect.arrayContaining(deleted));
    expect(result.limits).toContain("deletion");
    // The SDK still shows them.
    expect(await textsOf(client, dm.id)).toEqual(["stays", "THE SECRET"]);
    expect(await backupsOf(client, places).deletedMessages()).toEqual(expect.arrayContaining(deleted));

    const { entry } = await backups.backup().result;
    expect(entry.details).not.toHaveProperty("missingMessages");
    const ids = await idsIn(places, entry);
    for (const { id } of deleted) expect(ids).not.toContain(id);
    const third = await world.open(alice);
    expect(await backupsOf(third, places).restore(entry).result).toMatchObject({
      leftOut: none,
      deletedMessages: [],
      incompleteConversationIds: [],
    });
    await backupsOf(third, places).restore(older).result;
    expect(await textsOf(third, dm.id)).toEqual(["stays"]);
  });

  it("behavior: what the SDK shows as deleted by itself is not named", async () => {
    const { phone, places, older, newer, dm, deleted } = await twoArchives();
    const backups = backupsOf(phone, places);
    await backups.restore(older).result;
    const result = await backups.restore(newer).result;
    // The SDK does what Bob's deletion says, since it received that, and not what Alice's own says, which she sent with `send`.
    expect(result.deletedMessages).toEqual(deleted.slice(1));
    expect(await textsOf(phone, dm.id)).toEqual(["stays"]);
  });

  it("behavior: a file that somebody gave away with its key has no say about other archives", async () => {
    const { alice, places, older, dm } = await twoArchives();
    const client = await world.open(alice);
    const backups = backupsOf(client, places);
    const key = crypto.getRandomValues(new Uint8Array(32));
    const [first] = (await idsIn(places, older)).toSorted();
    const file = await deletionFile(client.inboxId, dm.id, [first!], key);
    expect(await backups.restore(file, { key }).result).toMatchObject({ deletedMessages: [] });
    expect(await backups.restore(older).result).toMatchObject({ messages: { restored: 4, expected: 4 }, leftOut: none });
    expect(await backups.deletedMessages()).toEqual([]);
  });

  it("behavior: a restore that was cancelled goes on, and leaves the same messages out", async () => {
    const { client, backups, key } = await withOwnKey();
    const file = await archiveOf(client.inboxId, [Array.from({ length: 3_500 }, () => 20)], key);
    const ids = await messageIdsOf(client, [3_500]);
    const deletions = [ids[0]!, ids[2_100]!, ids[3_400]!];
    await backups.restore(await deletionFile(client.inboxId, conversationId, deletions, key)).result;
    const cut = backups.restore(file);
    const running = cut.state$.subscribe((state) => {
      if (state.status === "running" && state.stage === "importing" && state.progress?.kind === "determinate" && state.progress.done > 0)
        void cut.cancel();
    });
    await expect(cut.result).rejects.toMatchObject({ name: "AbortError" });
    running.unsubscribe();
    expect(await backups.restore(file).result).toMatchObject({
      messages: { restored: 3_497, expected: 3_497 },
      incompleteConversationIds: [],
      leftOut: { ...none, deleted: 3 },
    });
    expect(await backups.deletedMessages()).toEqual([]);
  });

  it("behavior: a backup of several slices leaves out a message whose deletion lies in another one", async () => {
    const { client, places, key } = await withOwnKey();
    let exports = 0;
    const host = nodeHost(client);
    const exportArchive: typeof host.exportArchive = (...parameters) => {
      exports += 1;
      return host.exportArchive(...parameters);
    };
    const backups = backupsOf(client, places, { host: { ...host, exportArchive } });
    const ids = await messageIdsOf(client, [6_000]);
    await backups.restore(await archiveOf(client.inboxId, [Array.from({ length: 6_000 }, () => 20)], key)).result;
    const result = await backups.restore(await deletionFile(client.inboxId, conversationId, [ids[2]!], key)).result;
    expect(result.deletedMessages).toEqual([{ id: ids[2], conversationId }]);
    const { entry } = await backups.backup().result;
    expect(exports).toBeGreaterThan(1);
    expect(entry.details).toMatchObject({ counts: { messages: 6_000 } });
    expect(entry.details).not.toHaveProperty("missingMessages");
    expect(await idsIn(places, entry)).not.toContain(ids[2]);
  });

  /** A new client, and the key that its archives have. */
  async function withOwnKey(): Promise<{ client: Client; places: Places; backups: Backups; key: Uint8Array }> {
    const client = await world.open(world.newPerson());
    const places = newPlaces();
    const backups = backupsOf(client, places);
    await backups.backup().result;
    return { client, places, backups, key: await keyIn(places) };
  }
});

/** The conversation of the archives that `archiveOf` makes. */
const [conversationId] = groupIdsOf("a".repeat(64));

function groupIdsOf(inboxId: string): [string] {
  const ids = [...recordsOf(inboxId, [[]])].flatMap((record) => (record.kind === "group" ? [record.group.id] : []));
  return [ids[0]!];
}

async function messageIdsOf({ inboxId }: Client, [count]: [number]): Promise<string[]> {
  const sizes = Array.from({ length: count }, () => 20);
  return [...recordsOf(inboxId, [sizes])].flatMap((record) => (record.kind === "message" ? [record.message.id] : []));
}

/** An archive with nothing but deletions in a conversation, sent long after what they name. */
async function deletionFile(inboxId: string, groupId: string, messageIds: readonly string[], key: Uint8Array): Promise<Blob> {
  const records = [...recordsOf(inboxId, [[20]])].flatMap((record): ArchiveRecord[] => {
    if (record.kind === "group") return [{ ...record, group: { ...record.group, id: groupId } }];
    if (record.kind !== "message") return [record];
    return messageIds.map((messageId, index) => ({
      kind: "message",
      message: {
        ...record.message,
        groupId,
        id: (index + 1).toString(16).padStart(64, "d"),
        sentAtNs: record.message.sentAtNs + 20_000_000_000_000n + BigInt(index),
        content: contentOf(messageId),
        contentType: "deleteMessage",
        contentTypeNumber: 0,
      },
    }));
  });
  return new Response(writeArchive(records, key) as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
}

/** An encoded content: its type (authority, name, version 1.0) and its body. */
function contentOf(messageId: string): Uint8Array {
  const field = (number: number, bytes: Uint8Array) => [(number << 3) | 2, bytes.length, ...bytes];
  const text = (value: string) => new TextEncoder().encode(value);
  const type = Uint8Array.from([...field(1, text(deletionType.authorityId)), ...field(2, text(deletionType.typeId)), 0x18, 1]);
  return Uint8Array.from([...field(1, type), ...field(4, nameOf(messageId))]);
}
