import { ConsentState, type Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import { rawArchiveOf, rawImportOf, rawKey } from "./support/rawArchives.ts";
import { startTalk, type Talk } from "./support/talk.ts";
import { until } from "../../../test/until.ts";

const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

/** What docs/sdk-facts.md says and no other test shows; nothing of the plugin stands between. */
describe("conversations of the SDK alone", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
    await talk.bob.conversations.syncAll();
  });
  afterAll(() => talk.world.dispose());

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
    const streamInto = (texts: unknown[]) =>
      client.conversations.streamAllMessages({ onValue: ({ content }) => texts.push(content), consentStates });
    const streams = [await streamInto(early)];
    await client.importArchive(await rawArchiveOf(talk, talk.phone), rawKey);
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
    const client = await rawImportOf(talk);
    const made = await client.conversations.createDm(talk.bob.inboxId);
    expect((await textsOf(client, made.id)).slice(0, 2)).toEqual(dmTexts);
    expect((await find(client, talk.dm.id)).id).toBe(made.id);
    expect(client.conversations.listDms({ consentStates }).map(({ id }) => id)).toEqual([made.id]);
    expect(client.conversations.getDmByInboxId(talk.bob.inboxId)?.id).toBe(made.id);
    expect([...(await made.duplicateDms()), made].map(({ id }) => id).toSorted()).toEqual([made.id, talk.dm.id].toSorted());
  });

  it("behavior: a name that was refused while inactive is set all the same once the group is active", { timeout: 60_000 }, async () => {
    const client = await rawImportOf(talk);
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

  it("behavior: the message that activates a conversation comes in with syncAll, and not before", { timeout: 60_000 }, async () => {
    const client = await rawImportOf(talk);
    const group = await find(client, talk.group.id);
    const bobs = await find(talk.bob, talk.group.id);
    let count = 0;
    await until(async () => {
      count += 1;
      await bobs.sendText(`Are you there? ${count}`);
      await client.conversations.sync();
      return group.isActive;
    });
    expect(await textsOf(client, group.id)).not.toContain(`Are you there? ${count}`);
    await client.conversations.syncAll(consentStates);
    expect(await textsOf(client, group.id)).toContain(`Are you there? ${count}`);
  });

  it("behavior: no DM that was restored is found by its peer", async () => {
    const client = await rawImportOf(talk);
    expect(client.conversations.getDmByInboxId(talk.bob.inboxId)).toBeUndefined();
    expect((await find(client, talk.dm.id)).isActive).toBe(false);
  });
});
