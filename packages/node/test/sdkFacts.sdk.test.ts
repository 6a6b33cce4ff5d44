import { openAsBlob } from "node:fs";
import { type ArchiveRecord, readArchive } from "@xmtp-backup/archive";
import { BackupElementSelectionOption, type Client, ConsentEntityType, ConsentState, type Group, ReactionAction, ReactionSchema } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { startTalk, type Talk } from "./support/talk.ts";
import { until } from "./support/until.ts";
import { deleteForEveryone } from "./support/year.ts";

const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];
const key = new Uint8Array(32).fill(1);

/** What docs/sdk-facts.md says and no other test shows; nothing of the plugin stands between. */
describe("the SDK alone", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
    await talk.bob.conversations.syncAll();
  });
  afterAll(() => talk.world.dispose());

  async function archiveOf(client: Client, archiveKey = key): Promise<string> {
    const path = talk.world.newPath("raw.xmtp");
    await client.createArchive(path, archiveKey);
    return path;
  }

  async function recordsOf(path: string): Promise<ArchiveRecord[]> {
    const records: ArchiveRecord[] = [];
    for await (const record of readArchive(await openAsBlob(path), key)) records.push(record);
    return records;
  }

  /** A new installation into which the SDK has imported what the phone holds. */
  async function imported(): Promise<Client> {
    const client = await talk.world.open(talk.alice);
    await client.importArchive(await archiveOf(talk.phone), key);
    return client;
  }

  it("behavior: a key under 32 bytes is refused, and one over 32 bytes is cut to 32", async () => {
    await expect(archiveOf(talk.phone, key.slice(1))).rejects.toThrow();
    const path = await archiveOf(talk.phone, new Uint8Array(40).fill(1));
    await expect(recordsOf(path)).resolves.not.toHaveLength(0);
  });

  it("behavior: an import allows every DM, whatever its archive says", async () => {
    const { phone, dm } = talk;
    const decide = (state: ConsentState) => phone.preferences.setConsentStates([{ entityType: ConsentEntityType.GroupId, entity: dm.id, state }]);
    await decide(ConsentState.Denied);
    const client = await imported();
    await decide(ConsentState.Allowed);
    expect((await find(client, dm.id)).consentState()).toBe(ConsentState.Allowed);
  });

  it("behavior: an archive dates a changed decision with the first one", async () => {
    const { phone, bob } = talk;
    const decidedNs = async (state: ConsentState) => {
      await phone.preferences.setConsentStates([{ entityType: ConsentEntityType.InboxId, entity: bob.inboxId, state }]);
      const [decision] = (await recordsOf(await archiveOf(phone))).flatMap((record) => (record.kind === "consent" && record.consent.entity === bob.inboxId ? [record.consent] : []));
      return [decision?.state, decision?.consentedAtNs];
    };
    const [, firstNs] = await decidedNs(ConsentState.Allowed);
    expect(await decidedNs(ConsentState.Denied)).toEqual(["denied", firstNs]);
    expect(await decidedNs(ConsentState.Allowed)).toEqual(["allowed", firstNs]);
  });

  it("behavior: an archive has no record of a conversation about which the user never decided", async () => {
    const { world, phone } = talk;
    const stranger = await world.open(world.newPerson());
    const request = await stranger.conversations.createGroup([phone.inboxId]);
    await phone.conversations.sync();
    expect((await find(phone, request.id)).consentState()).toBe(ConsentState.Unknown);
    const decided = (await recordsOf(await archiveOf(phone))).flatMap((record) => (record.kind === "consent" ? [record.consent.entity] : []));
    expect([decided.includes(request.id), decided.includes(talk.group.id)]).toEqual([false, true]);
  });

  it("behavior: a deletion hides a text, and neither a reaction nor what an import brings", async () => {
    const { world, alice, phone, bob } = talk;
    const dm = await bob.conversations.createDm(phone.inboxId);
    const text = await dm.sendText("THE SECRET");
    const reaction = await dm.sendReaction({ reference: text, referenceInboxId: bob.inboxId, action: ReactionAction.Added, content: "👍", schema: ReactionSchema.Unicode });
    for (const id of [text, reaction]) await deleteForEveryone(dm, id);
    await phone.conversations.syncAll(consentStates);
    const typesIn = (client: Client) => [text, reaction].map((id) => client.conversations.getMessageById(id)?.contentType.typeId);
    expect(typesIn(phone)).toEqual(["deletedMessage", "reaction"]);
    const client = await world.open(alice);
    await client.importArchive(await archiveOf(phone), key);
    expect(typesIn(client)).toEqual(["text", "reaction"]);
  });

  it("behavior: the list of offered history holds the installation's own offers", async () => {
    const { network, newPerson, open } = talk.world;
    const client = await open(newPerson());
    await client.sendSyncArchive("1234", { elements: [BackupElementSelectionOption.Messages], excludeDisappearingMessages: false }, network.url);
    await client.syncAllDeviceSyncGroups();
    expect(client.listAvailableArchives(1).map(({ pin }) => pin)).toEqual(["1234"]);
  });

  it("behavior: lists leave denied conversations out unless they are asked for", async () => {
    const { phone, bob } = talk;
    const denied = await phone.conversations.createGroup([bob.inboxId]);
    denied.updateConsentState(ConsentState.Denied);
    const listed = async (options?: { consentStates: ConsentState[] }) => (await phone.conversations.list(options)).map(({ id }) => id);
    expect([(await listed()).includes(denied.id), (await listed({ consentStates })).includes(denied.id)]).toEqual([false, true]);
  });

  it("behavior: a stream tells nothing of an import, and gives the restored messages when it is opened after it", async () => {
    const client = await talk.world.open(talk.alice);
    const early: unknown[] = [];
    const late: unknown[] = [];
    const streamInto = (texts: unknown[]) => client.conversations.streamAllMessages({ onValue: ({ content }) => texts.push(content), consentStates });
    const streams = [await streamInto(early)];
    await client.importArchive(await archiveOf(talk.phone), key);
    streams.push(await streamInto(late));
    await until(() => [...groupTexts, ...dmTexts].every((text) => late.includes(text)));
    expect(early).toEqual([]);
    for (const stream of streams) await stream.end();
  });

  it("behavior: a stream that can't be opened is given back as one that has ended", { timeout: 30_000 }, async () => {
    const client = await talk.world.open(talk.alice);
    talk.world.network.faults.offline(true);
    const stream = await client.conversations.streamAllMessages({ retryOnFail: false });
    talk.world.network.faults.offline(false);
    expect(stream.isDone).toBe(true);
  });

  it("behavior: the DMs with one person show the messages of all, and the id of each finds the latest", async () => {
    const client = await imported();
    const made = await client.conversations.createDm(talk.bob.inboxId);
    expect((await textsOf(client, made.id)).slice(0, 2)).toEqual(dmTexts);
    expect((await find(client, talk.dm.id)).id).toBe(made.id);
    expect(client.conversations.listDms({ consentStates }).map(({ id }) => id)).toEqual([made.id]);
    expect(client.conversations.getDmByInboxId(talk.bob.inboxId)?.id).toBe(made.id);
    expect([...(await made.duplicateDms()), made].map(({ id }) => id).toSorted()).toEqual([made.id, talk.dm.id].toSorted());
  });

  it("behavior: an inbox has ten installations at most", { timeout: 60_000 }, async () => {
    const person = talk.world.newPerson();
    for (let count = 0; count < 10; count += 1) await talk.world.open(person);
    await expect(talk.world.open(person)).rejects.toThrow("10/10 installations");
  });

  it("behavior: an archive of a restored client says of each conversation that it was restored, and no longer how the user stands in it", async () => {
    const statesIn = async (client: Client) =>
      new Set((await recordsOf(await archiveOf(client))).flatMap((record) => (record.kind === "group" ? [record.group.membershipState] : [])));
    expect(await statesIn(talk.phone)).not.toContain("restored");
    expect(await statesIn(await imported())).toEqual(new Set(["restored"]));
  });

  it("behavior: a name that was refused while inactive is set all the same once the group is active", { timeout: 60_000 }, async () => {
    const client = await imported();
    const group = (await find(client, talk.group.id)) as Group;
    await expect(group.updateName("Too early")).rejects.toThrow("SyncFailedToWait");
    const bobs = (await find(talk.bob, talk.group.id)) as Group;
    await until(async () => {
      await bobs.sendText("Are you there?");
      await client.conversations.sync();
      return group.isActive;
    });
    await until(async () => {
      await group.sync();
      await bobs.sync();
      return bobs.name === "Too early";
    });
  });

  it("behavior: no DM that was restored is found by its peer", async () => {
    const client = await imported();
    expect(client.conversations.getDmByInboxId(talk.bob.inboxId)).toBeUndefined();
    expect((await find(client, talk.dm.id)).isActive).toBe(false);
  });
});
