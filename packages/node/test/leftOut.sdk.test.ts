import { openAsBlob } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportTranscript, type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import type { ArchiveEntry, ArchivePreview, Backups } from "@xmtp-backup/core";
import { fakeClock } from "@xmtp-backup/testing";
import { type Client, ConsentState, DeliveryStatus, type Dm, type Group, ReactionAction, ReactionSchema } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { textMessage } from "./support/archiveOf.ts";
import { type Places, backupsOf, placesIn } from "./support/backupsOf.ts";
import { find, textsOf } from "./support/chat.ts";
import { sendOptimistically } from "./support/sendOptimistically.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

const anyConsent = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];
const none = { deleted: 0, expired: 0, unsent: 0, oddDms: 0 };

/** What the SDK sends when somebody deletes a message for everyone. */
const deletionOf = (messageId: string) => {
  const id = new TextEncoder().encode(messageId);
  const type = { authorityId: "xmtp.org", typeId: "deleteMessage", versionMajor: 1, versionMinor: 0 };
  return { type, parameters: {}, content: Uint8Array.from([0x0a, id.length, ...id]) };
};

const deleteForEveryone = (conversation: Group | Dm, messageId: string) => conversation.send(deletionOf(messageId), { shouldPush: false });

const archiveFile = async ({ directory, keyPath }: Places, { id }: ArchiveEntry) => {
  const [key] = await fileKeys({ path: keyPath }).load();
  return { blob: await openAsBlob(join(directory, `${id}.xmtp`)), key: key! };
};

const messagesIn = async (places: Places, entry: ArchiveEntry) => {
  const { blob, key } = await archiveFile(places, entry);
  const texts: string[] = [];
  for await (const record of readArchive(blob, key))
    if (record.kind === "message") texts.push(new TextDecoder().decode(record.message.content));
  return texts;
};

const transcriptOf = async (places: Places, entry: ArchiveEntry) => {
  const { blob, key } = await archiveFile(places, entry);
  return new Response(exportTranscript(blob, key, "jsonl") as ReadableStream<Uint8Array<ArrayBuffer>>).text();
};

const statusesOf = async (client: Client, id: string) =>
  (await (await find(client, id)).messages())
    .filter(({ content }) => typeof content === "string")
    .map(({ content, deliveryStatus }) => [content, deliveryStatus]);

describe("what a restore leaves out", () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  const newPlaces = () => placesIn(world.newPath("places"));

  it("behavior: what was deleted for everyone stays deleted, generation after generation", async () => {
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
    const before = (await backupsOf(phone, places).backup().result).entry;

    await deleteForEveryone(dm, secret);
    await deleteForEveryone(bobs, own); // Bob is no super admin: this hides nothing.
    await phone.conversations.syncAll(anyConsent);
    await deleteForEveryone(group, rude); // Alice is one.
    const after = (await backupsOf(phone, places).backup().result).entry;
    expect(after.details).toMatchObject({ counts: { conversations: 2, messages: 5 } });
    expect(after.details).not.toHaveProperty("missingMessages");
    expect((await messagesIn(places, before)).join()).toContain("THE SECRET");
    expect((await messagesIn(places, after)).join()).not.toMatch(/SECRET|RUDE/);
    expect(await transcriptOf(places, after)).toContain("Alice keeps this");
    expect(await transcriptOf(places, after)).not.toMatch(/THE SECRET|RUDE/);

    const fresh = await world.open(alice);
    const result = await backupsOf(fresh, places).restore(after).result;
    expect(result).toMatchObject({ messages: { restored: 5, expected: 5 }, incompleteConversationIds: [], leftOut: none });
    expect(await textsOf(fresh, dm.id)).toEqual(["stays"]);
    expect(await textsOf(fresh, group.id)).toEqual(["Alice keeps this"]);
    const second = (await backupsOf(fresh, places).backup().result).entry;
    expect(second.details).not.toHaveProperty("missingMessages");
    expect(await backupsOf(fresh, places).verify(second.id)).toMatchObject({ id: second.id });
  });

  it("behavior: a deletion that was not valid hides nothing after a restore either, whose placeholder names the user as super admin", async () => {
    const alice = world.newPerson();
    const phone = await world.open(alice);
    const group = await bob.conversations.createGroup([phone.inboxId], { groupName: "Bob's" });
    const said = await group.sendText("Bob's word");
    await phone.conversations.syncAll(anyConsent);
    const reaction = await (await find(phone, group.id)).sendReaction({
      reference: said,
      referenceInboxId: bob.inboxId,
      action: ReactionAction.Added,
      content: "👍",
      schema: ReactionSchema.Unicode,
    });
    for (const id of [said, reaction]) await deleteForEveryone(await find(phone, group.id), id);
    const places = newPlaces();
    let { entry } = await backupsOf(phone, places).backup().result;
    for (let generation = 0; generation < 2; generation += 1) {
      const fresh = await world.open(alice);
      const backups = backupsOf(fresh, places);
      expect(await backups.restore(entry).result).toMatchObject({ messages: { restored: 4, expected: 4 }, leftOut: none });
      expect(await textsOf(fresh, group.id)).toEqual(["Bob's word"]);
      ({ entry } = await backups.backup().result);
      backups.stop();
    }
    expect(entry.details).toMatchObject({ counts: { messages: 4 } });
  });

  it("behavior: an archive of the SDK itself that holds a deleted message is restored without it", async () => {
    const alice = world.newPerson();
    const phone = await world.open(alice);
    const dm = await bob.conversations.createDm(phone.inboxId);
    await dm.sendText("stays");
    await deleteForEveryone(dm, await dm.sendText("THE SECRET"));
    await phone.conversations.syncAll(anyConsent);
    const key = crypto.getRandomValues(new Uint8Array(32));
    const path = world.newPath("raw");
    await phone.createArchive(path, key);
    const raw = await openAsBlob(path);
    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, newPlaces());
    expect(await backups.inspect(raw, { key })).toMatchObject({ counts: { messages: 2 }, leftOut: { ...none, deleted: 1 } });
    const result = await backups.restore(raw, { key }).result;
    expect(result).toMatchObject({
      messages: { restored: 2, expected: 2 },
      incompleteConversationIds: [],
      leftOut: { ...none, deleted: 1 },
    });
    expect(await textsOf(fresh, dm.id)).toEqual(["stays"]);
  });

  it("behavior: messages that were never sent are counted and left out, or kept as failed", { timeout: 60_000 }, async () => {
    const alice = world.newPerson();
    const phone = await world.open(alice);
    const group = await phone.conversations.createGroup([bob.inboxId], { groupName: "Ours" });
    await group.sendText("sent");
    world.network.faults.offline(true);
    await group.sendText("rejected").catch(() => undefined);
    await sendOptimistically(group, "waiting").catch(() => undefined);
    const places = newPlaces();
    const { entry } = await backupsOf(phone, places).backup().result;
    world.network.faults.offline(false);
    expect(entry.details?.conversations).toMatchObject([{ messages: 3, unsent: 2 }]);
    expect((await transcriptOf(places, entry)).match(/"unsent":true/g)).toHaveLength(2);

    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, places);
    const task = backups.restore(entry, { confirm: true });
    const preview = await until(() => shown(task.getState()));
    expect(preview).toMatchObject({ counts: { messages: 1 }, unsentMessages: 2, leftOut: { ...none, unsent: 2 } });
    task.confirm();
    const result = await task.result;
    expect(result).toMatchObject({
      messages: { restored: 1, expected: 1 },
      unsentMessages: 2,
      leftOut: { ...none, unsent: 2 },
      incompleteConversationIds: [],
    });
    expect(await statusesOf(fresh, group.id)).toEqual([["sent", DeliveryStatus.Published]]);

    const keeping = await world.open(alice);
    expect(await backupsOf(keeping, places).restore(entry, { unsent: "keep" }).result).toMatchObject({
      messages: { restored: 3, expected: 3 },
      unsentMessages: 2,
      leftOut: none,
    });
    expect(await statusesOf(keeping, group.id)).toEqual([
      ["sent", DeliveryStatus.Published],
      ["rejected", DeliveryStatus.Failed],
      ["waiting", DeliveryStatus.Failed],
    ]);
  });

  it("behavior: the policy's word on elements and disappearing messages holds before an event, and what has expired is not restored", async () => {
    const alice = world.newPerson();
    const phone = await world.open(alice);
    const group = await phone.conversations.createGroup([bob.inboxId], { groupName: "Ours" });
    await group.sendText("stays");
    await group.updateMessageDisappearingSettings(BigInt(Date.now()) * 1_000_000n, 3_600_000_000_000n);
    await group.sendText("goes");

    const without = newPlaces();
    const careful = backupsOf(phone, without, { policy: { frequency: "daily", excludeDisappearingMessages: true } });
    const made = await madeBefore(careful);
    expect(made.details).toMatchObject({ trigger: "event", withoutDisappearing: true });
    expect((await messagesIn(without, made)).join()).toMatch(/stays/);
    expect((await messagesIn(without, made)).join()).not.toMatch(/goes/);
    const consentOnly = await madeBefore(backupsOf(phone, newPlaces(), { policy: { elements: ["consent"] } }));
    expect(consentOnly.details).toMatchObject({ elements: ["consent"], counts: { conversations: 0, messages: 0 } });

    const places = newPlaces();
    const { entry } = await backupsOf(phone, places).backup().result;
    const soon = await world.open(alice);
    expect(await backupsOf(soon, places).restore(entry).result).toMatchObject({ messages: { restored: 2, expected: 2 }, leftOut: none });
    const late = await world.open(alice);
    const result = await backupsOf(late, places, { clock: fakeClock(Date.now() + 3_700_000) }).restore(entry).result;
    expect(result).toMatchObject({
      messages: { restored: 1, expected: 1 },
      leftOut: { ...none, expired: 1 },
      incompleteConversationIds: [],
    });
    expect(await textsOf(late, group.id)).toEqual(["stays"]);
  });

  it("behavior: a DM whose id is malformed is left out, and does not make a file look like another inbox's", async () => {
    const client = await world.open(world.newPerson());
    const pair = [client.inboxId, bob.inboxId].sort();
    const records = await dmArchive(client.inboxId, [
      `dm:${pair.join(":")}`,
      `dm:${pair.join(":").toUpperCase()}`,
      `dm:${bob.inboxId}:${bob.inboxId}`,
    ]);
    const key = crypto.getRandomValues(new Uint8Array(32));
    const file = await fileOf(records, key);
    const result = await backupsOf(client, newPlaces()).restore(file, { key }).result;
    expect(result).toMatchObject({
      conversations: { restored: 1, expected: 1 },
      messages: { restored: 1, expected: 1 },
      leftOut: { ...none, oddDms: 2 },
      unimportableRecords: 0,
    });
  });

  it("behavior: a backup holds no message that another SDK refuses a whole archive for, and says that it lacks it", async () => {
    const client = await world.open(world.newPerson());
    const pair = [client.inboxId, bob.inboxId].sort();
    const key = crypto.getRandomValues(new Uint8Array(32));
    const records = await dmArchive(client.inboxId, [`dm:${pair.join(":")}`]);
    const path = world.newPath("odd");
    // The SDK's own import takes a message in a DM by somebody who is not in it, which the plugin leaves out.
    await writeFile(path, writeArchive([...records, ...records.flatMap(byOutsider)], key));
    await client.importArchive(path, key);
    const raw = world.newPath("raw");
    await client.createArchive(raw, key);
    expect(await sendersIn(await openAsBlob(raw), key)).toHaveLength(2);

    const places = newPlaces();
    const { entry } = await backupsOf(client, places).backup().result;
    const file = await archiveFile(places, entry);
    expect(await sendersIn(file.blob, file.key)).toEqual([client.inboxId]);
    expect(entry.details).toMatchObject({
      counts: { conversations: 1, messages: 1 },
      missingMessages: 1,
      lacks: { conversations: [{ messages: 1 }] },
    });
  });

  it("behavior: a malformed record does not stop a restore, and the result counts it", async () => {
    const phone = await world.open(world.newPerson());
    const pair = [phone.inboxId, bob.inboxId].sort();
    const key = crypto.getRandomValues(new Uint8Array(32));
    const [metadata, ...records] = await dmArchive(phone.inboxId, [`dm:${pair.join(":")}`]);
    const malformed: ArchiveRecord = { kind: "unreadable", bytes: Uint8Array.of(0x1a, 0x7f) };
    const file = await fileOf([metadata as ArchiveRecord, malformed, ...records], key);
    const backups = backupsOf(phone, newPlaces());
    expect(await backups.inspect(file, { key })).toMatchObject({ unimportableRecords: 1, counts: { messages: 1 } });
    expect(await backups.restore(file, { key }).result).toMatchObject({ messages: { restored: 1, expected: 1 }, unimportableRecords: 1 });
  });
});

/** The archive that the policy makes before an event. */
async function madeBefore(backups: Backups): Promise<ArchiveEntry> {
  const answer = backups.prepareFor("logout");
  if (!("task" in answer)) throw new Error(`The answer was ${answer.answer}.`);
  return (await answer.task.result).entry;
}

function shown(state: { status: string; preview?: ArchivePreview }): ArchivePreview | undefined {
  return state.status === "awaitingConfirmation" ? state.preview : undefined;
}

const fileOf = (records: readonly ArchiveRecord[], key: Uint8Array): Promise<Blob> =>
  new Response(writeArchive(records, key) as ReadableStream<Uint8Array<ArrayBuffer>>).blob();

async function sendersIn(archive: Blob, key: Uint8Array): Promise<string[]> {
  const senders: string[] = [];
  for await (const record of readArchive(archive, key)) if (record.kind === "message") senders.push(record.message.senderInboxId);
  return senders;
}

/** The same message once more, by somebody who is in no DM. */
function byOutsider(record: ArchiveRecord): ArchiveRecord[] {
  if (record.kind !== "message") return [];
  return [{ ...record, message: { ...record.message, id: "d".repeat(64), senderInboxId: "e".repeat(64) } }];
}

async function dmArchive(inboxId: string, dmIds: readonly string[]): Promise<ArchiveRecord[]> {
  const at = BigInt(Date.now()) * 1_000_000n;
  const hexOf = (number: number, bytes: number) => number.toString(16).padStart(bytes * 2, "b");
  const groups = dmIds.map(
    (dmId, index): ArchiveRecord => ({
      kind: "group",
      group: {
        id: hexOf(index, 16),
        createdAtNs: at,
        membershipState: "allowed",
        installationsLastCheckedNs: 0n,
        addedByInboxId: inboxId,
        rotatedAtNs: 0n,
        conversationType: "dm",
        dmId,
        metadata: { creatorInboxId: inboxId },
        mutableMetadata: { attributes: {}, adminList: [], superAdminList: [] },
      },
    }),
  );
  const content = new TextEncoder().encode("x");
  const messages = dmIds.map((_, index) =>
    textMessage({ id: hexOf(index, 32), groupId: hexOf(index, 16), content, sentAtNs: at, senderInboxId: inboxId }),
  );
  return [{ kind: "metadata", metadata: { elements: ["messages"], exportedAtNs: at } }, ...groups, ...messages];
}
