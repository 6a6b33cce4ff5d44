import { DatabaseSync } from "node:sqlite";
import { ConsentState, type Group } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chat, dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
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

  it("behavior: the HMAC keys are under the ids of all conversations but denied ones, stitched DMs each on their own", async () => {
    const client = await rawImportOf(talk);
    const made = await client.conversations.createDm(talk.bob.inboxId);
    const denied = await client.conversations.createGroup([talk.bob.inboxId]);
    denied.updateConsentState(ConsentState.Denied);
    expect(Object.keys(client.conversations.hmacKeys()).sort()).toEqual([talk.group.id, talk.dm.id, made.id].sort());
  });

  it("behavior: the view behind lists ranks the messages of all conversations", async () => {
    const { world, alice, bob } = talk;
    const device = { dbPath: world.newPath("ranked.db3"), encrypted: false };
    await chat(await world.open(alice, device), bob);
    const database = new DatabaseSync(device.dbPath, { readOnly: true });
    const view = database.prepare("select sql from sqlite_master where name = 'conversation_list'").get()?.["sql"];
    const plan = database.prepare("explain query plan select id from conversation_list limit 1").all();
    database.close();
    expect(view).toMatch(/row_number\s*\(\)\s*over\s*\(\s*partition by/i);
    expect(plan.map(({ detail }) => String(detail)).join("; ")).toMatch(/SCAN.*(group_messages|gm)/);
  });

  it("behavior: an object that is kept changes in place, as its conversation becomes active and is decided about", {
    timeout: 60_000,
  }, async () => {
    const client = await rawImportOf(talk);
    const kept = await find(client, talk.group.id);
    expect([kept.isActive, kept.addedByInboxId]).toEqual([false, client.inboxId]);
    const bobs = await find(talk.bob, talk.group.id);
    await until(async () => {
      await bobs.sendText("Are you there?");
      await client.conversations.sync();
      return kept.isActive;
    });
    expect(kept.addedByInboxId).toBe(talk.bob.inboxId);
    (await find(client, talk.group.id)).updateConsentState(ConsentState.Denied);
    expect(kept.consentState()).toBe(ConsentState.Denied);
    const before = await kept.countMessages();
    await (await find(client, talk.group.id)).sendText("Yes");
    expect(await kept.countMessages()).toBeGreaterThan(before);
  });

  it("behavior: no DM that was restored is found by its peer", async () => {
    const client = await rawImportOf(talk);
    expect(client.conversations.getDmByInboxId(talk.bob.inboxId)).toBeUndefined();
    expect((await find(client, talk.dm.id)).isActive).toBe(false);
  });
});
