import { openAsBlob } from "node:fs";
import { type ArchiveRecord, readArchive } from "@xmtp-backup/archive";
import { BackupElementSelectionOption, type Client, ConsentEntityType, ConsentState, ReactionAction, ReactionSchema } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { find } from "./support/chat.ts";
import { rawArchiveOf, rawImportOf, rawKey } from "./support/rawArchives.ts";
import { startTalk, type Talk } from "./support/talk.ts";
import { deleteForEveryone } from "./support/year.ts";

const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

/** What docs/sdk-facts.md says and no other test shows; nothing of the plugin stands between. */
describe("archives and installations of the SDK alone", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
    await talk.bob.conversations.syncAll();
  });
  afterAll(() => talk.world.dispose());

  async function recordsOf(path: string): Promise<ArchiveRecord[]> {
    const records: ArchiveRecord[] = [];
    for await (const record of readArchive(await openAsBlob(path), rawKey)) records.push(record);
    return records;
  }

  it("behavior: a key under 32 bytes is refused, and one over 32 bytes is cut to 32", async () => {
    await expect(rawArchiveOf(talk, talk.phone, rawKey.slice(1))).rejects.toThrow();
    const path = await rawArchiveOf(talk, talk.phone, new Uint8Array(40).fill(1));
    await expect(recordsOf(path)).resolves.not.toHaveLength(0);
  });

  it("behavior: an import allows every DM, whatever its archive says", async () => {
    const { phone, dm } = talk;
    const decide = (state: ConsentState) =>
      phone.preferences.setConsentStates([{ entityType: ConsentEntityType.GroupId, entity: dm.id, state }]);
    await decide(ConsentState.Denied);
    const client = await rawImportOf(talk);
    await decide(ConsentState.Allowed);
    expect((await find(client, dm.id)).consentState()).toBe(ConsentState.Allowed);
  });

  it("behavior: an archive dates a changed decision with the first one", async () => {
    const { phone, bob } = talk;
    const decidedNs = async (state: ConsentState) => {
      await phone.preferences.setConsentStates([{ entityType: ConsentEntityType.InboxId, entity: bob.inboxId, state }]);
      const [decision] = (await recordsOf(await rawArchiveOf(talk, phone))).flatMap((record) =>
        record.kind === "consent" && record.consent.entity === bob.inboxId ? [record.consent] : [],
      );
      return [decision?.state, decision?.consentedAtNs];
    };
    const [, firstNs] = await decidedNs(ConsentState.Allowed);
    expect(await decidedNs(ConsentState.Denied)).toEqual(["denied", firstNs]);
    expect(await decidedNs(ConsentState.Allowed)).toEqual(["allowed", firstNs]);
  });

  it("behavior: an import loses a decision that was changed later, if this installation has one that is dated between", async () => {
    const { phone, bob } = talk;
    const decide = (client: Client, state: ConsentState) =>
      client.preferences.setConsentStates([{ entityType: ConsentEntityType.InboxId, entity: bob.inboxId, state }]);
    await decide(phone, ConsentState.Allowed);
    const client = await talk.world.open(talk.alice);
    await decide(client, ConsentState.Allowed);
    await decide(phone, ConsentState.Denied);
    await client.importArchive(await rawArchiveOf(talk, phone), rawKey);
    await decide(phone, ConsentState.Allowed);
    expect(await client.preferences.getConsentState(ConsentEntityType.InboxId, bob.inboxId)).toBe(ConsentState.Allowed);
  });

  it("behavior: an archive has no record of a conversation about which the user never decided", async () => {
    const { world, phone } = talk;
    const stranger = await world.open(world.newPerson());
    const request = await stranger.conversations.createGroup([phone.inboxId]);
    await phone.conversations.sync();
    expect((await find(phone, request.id)).consentState()).toBe(ConsentState.Unknown);
    const decided = (await recordsOf(await rawArchiveOf(talk, phone))).flatMap((record) =>
      record.kind === "consent" ? [record.consent.entity] : [],
    );
    expect([decided.includes(request.id), decided.includes(talk.group.id)]).toEqual([false, true]);
  });

  it("behavior: a deletion hides a text, and neither a reaction nor what an import brings", async () => {
    const { world, alice, phone, bob } = talk;
    const dm = await bob.conversations.createDm(phone.inboxId);
    const text = await dm.sendText("THE SECRET");
    const reaction = await dm.sendReaction({
      reference: text,
      referenceInboxId: bob.inboxId,
      action: ReactionAction.Added,
      content: "👍",
      schema: ReactionSchema.Unicode,
    });
    for (const id of [text, reaction]) await deleteForEveryone(dm, id);
    await phone.conversations.syncAll(consentStates);
    const typesIn = (client: Client) => [text, reaction].map((id) => client.conversations.getMessageById(id)?.contentType.typeId);
    expect(typesIn(phone)).toEqual(["deletedMessage", "reaction"]);
    const client = await world.open(alice);
    await client.importArchive(await rawArchiveOf(talk, phone), rawKey);
    expect(typesIn(client)).toEqual(["text", "reaction"]);
  });

  it("behavior: the list of offered history holds the installation's own offers", async () => {
    const { network, newPerson, open } = talk.world;
    const client = await open(newPerson());
    await client.sendSyncArchive(
      "1234",
      { elements: [BackupElementSelectionOption.Messages], excludeDisappearingMessages: false },
      network.url,
    );
    await client.syncAllDeviceSyncGroups();
    expect(client.listAvailableArchives(1).map(({ pin }) => pin)).toEqual(["1234"]);
  });

  it("behavior: an inbox has ten installations at most", { timeout: 60_000 }, async () => {
    const person = talk.world.newPerson();
    for (let count = 0; count < 10; count += 1) await talk.world.open(person);
    await expect(talk.world.open(person)).rejects.toThrow("10/10 installations");
  });

  it("behavior: an archive of a restored client says of each conversation that it was restored, and no longer how the user stands in it", async () => {
    const statesIn = async (client: Client) =>
      new Set(
        (await recordsOf(await rawArchiveOf(talk, client))).flatMap((record) =>
          record.kind === "group" ? [record.group.membershipState] : [],
        ),
      );
    expect(await statesIn(talk.phone)).not.toContain("restored");
    expect(await statesIn(await rawImportOf(talk))).toEqual(new Set(["restored"]));
  });
});
