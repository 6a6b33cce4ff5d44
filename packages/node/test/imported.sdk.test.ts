import { setTimeout as wait } from "node:timers/promises";
import { type Backups, type Imported, type ImportedMessages } from "@xmtp-backup/core";
import { type Client, ConsentState, GroupMessageKind } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf, type Places, placesIn } from "./support/backupsOf.ts";
import { chat, dmTexts, find, groupTexts, textsOf } from "./support/chat.ts";
import type { Device, Person } from "./support/person.ts";
import { lookEveryMs } from "./support/lookEvery.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

const consentStates = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

describe("what an import brought", () => {
  let world: World;
  let bob: Client;
  const open: Backups[] = [];
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(async () => {
    for (const backups of open) backups.stop();
    await world.dispose();
  });

  /** A phone that has talked with Bob in a group and a DM. */
  async function oldPhone(device: Partial<Device> = {}) {
    const [person, places] = [world.newPerson(), placesIn(world.newPath("places"))];
    const client = await world.open(person, device);
    const { group, dm } = await chat(client, bob);
    return { person, places, client, group, dm, backups: started(client, places) };
  }

  async function newPhone(person: Person, places: Places, device: Partial<Device> = {}) {
    const client = await world.open(person, device);
    const backups = started(client, places);
    const heard: Imported[] = [];
    backups.imported$.subscribe((imported) => heard.push(imported));
    return { client, backups, heard };
  }

  function started(client: Client, places: Places): Backups {
    const backups = backupsOf(client, places, { host: nodeHost(client, { historySyncUrl: world.network.url }) });
    open.push(backups);
    return backups;
  }

  /** The application messages of a conversation whose texts are these, as they are told. */
  async function messagesOf(
    client: Client,
    id: string,
    texts: readonly string[],
  ): Promise<Pick<ImportedMessages, "messages" | "firstMessageNs" | "lastMessageNs">> {
    const all = await (await find(client, id)).messages({ kind: GroupMessageKind.Application });
    const times = all.filter(({ content }) => texts.includes(content as string)).map(({ sentAtNs }) => sentAtNs);
    return { messages: times.length, firstMessageNs: times[0] as bigint, lastMessageNs: times.at(-1) as bigint };
  }

  const sorted = (conversations: readonly ImportedMessages[]) => [...conversations].sort((one, other) => (one.id < other.id ? -1 : 1));

  it("default: a restore names every conversation with all that came, once", { timeout: 60_000 }, async () => {
    const old = await oldPhone();
    const { entry } = await old.backups.backup().result;
    const { client, backups, heard } = await newPhone(old.person, old.places);
    const { imported } = await backups.restore(entry).result;
    const expected = await Promise.all(
      [old.group.id, old.dm.id].map(async (id) => ({
        id,
        importedIds: [id],
        isNew: true,
        ...(await messagesOf(client, id, await textsOf(client, id))),
      })),
    );
    expect(sorted(imported)).toEqual(sorted(expected));
    expect((await backups.restore(entry).result).imported).toEqual([]);
    expect(heard).toEqual([{ conversations: [] }, { id: expect.any(String) as string, by: "restore", conversations: imported }]);
  });

  it("behavior: into an active conversation comes the gap alone, and no stream says so", { timeout: 60_000 }, async () => {
    const old = await oldPhone();
    const { entry: early } = await old.backups.backup().result;
    for (const text of ["In the gap", "And more"]) await old.group.sendText(text);
    await bob.conversations.syncAll();
    const { entry: late } = await old.backups.backup().result;
    const { client, backups, heard } = await newPhone(old.person, old.places);
    await backups.start();
    await backups.restore(early).result;
    await wait(lookEveryMs);
    await (await find(bob, old.group.id)).sendText("New phone?");
    await until(() => backups.canWrite(old.group.id), 30_000);
    await client.conversations.syncAll(consentStates);
    const streamed: unknown[] = [];
    const stream = await client.conversations.streamAllMessages({ onValue: ({ content }) => streamed.push(content), consentStates });
    const { imported } = await backups.restore(late).result;
    const { id } = old.group;
    expect(imported).toEqual([{ id, importedIds: [id], ...(await messagesOf(client, id, ["In the gap", "And more"])) }]);
    expect(heard.at(-1)).toMatchObject({ by: "restore", conversations: imported });
    await (await find(bob, id)).sendText("Last");
    await until(() => streamed.includes("Last"));
    expect(streamed).not.toContain("In the gap");
    await stream.end();
  });

  it("behavior: an older archive after a newer slice brings what is older alone", { timeout: 60_000 }, async () => {
    const old = await oldPhone();
    const { entry: early } = await old.backups.backup().result;
    await old.group.sendText("Later");
    const { entry: slice } = await old.backups.backup({ startNs: BigInt(early.createdAtMs) * 1_000_000n }).result;
    const { client, backups } = await newPhone(old.person, old.places);
    const { id } = old.group;
    const first = (await backups.restore(slice).result).imported.find((each) => each.id === id);
    expect(first).toEqual({ id, importedIds: [id], isNew: true, ...(await messagesOf(client, id, ["Later"])) });
    const second = (await backups.restore(early).result).imported.find((each) => each.id === id);
    const texts = (await textsOf(client, id)).filter((text) => text !== "Later");
    expect(second).toEqual({ id, importedIds: [id], ...(await messagesOf(client, id, texts)) });
  });

  it("behavior: a DM with somebody whom the new phone has written to already is told by the id that the list shows", {
    timeout: 60_000,
  }, async () => {
    const old = await oldPhone();
    const { entry } = await old.backups.backup().result;
    for (const writesLater of [true, false]) {
      const { client, backups } = await newPhone(old.person, old.places);
      const own = await client.conversations.createDm(bob.inboxId);
      if (writesLater) await own.sendText("From the new phone");
      const told = (await backups.restore(entry).result).imported.find(({ importedIds }) => importedIds.includes(old.dm.id));
      const [listed] = client.conversations.listDms({ consentStates });
      expect(told).toEqual({
        id: listed?.id,
        importedIds: [old.dm.id],
        ...(await messagesOf(client, old.dm.id, await textsOf(old.client, old.dm.id))),
      });
      expect((await backups.restore(entry).result).imported).toEqual([]);
    }
  });

  it("behavior: what the SDK imports after a request is told, though the conversations became active before", {
    timeout: 90_000,
  }, async () => {
    const old = await oldPhone({ deviceSync: true });
    const { client, backups, heard } = await newPhone(old.person, old.places, { deviceSync: true });
    await backups.start();
    await backups.historySync.request();
    const told = () => heard.flatMap(({ conversations }) => conversations);
    await until(async () => {
      await old.client.conversations.sync();
      backups.lookNow();
      return told().length === 2;
    }, 60_000);
    const expected = await Promise.all(
      [old.group.id, old.dm.id].map(async (id) => ({
        id,
        importedIds: [id],
        isNew: true,
        ...(await messagesOf(client, id, await textsOf(old.client, id))),
      })),
    );
    expect(sorted(told())).toEqual(sorted(expected));
    expect(heard.slice(1).map(({ by }) => by)).toEqual(["historySync"]);
    expect([old.group.id, old.dm.id].map((id) => backups.canWrite(id))).toEqual([true, true]);
  });

  it("behavior: what the SDK imports into active conversations after a request is told, and no stream says so", {
    timeout: 90_000,
  }, async () => {
    const old = await oldPhone({ deviceSync: true });
    const { client, backups, heard } = await newPhone(old.person, old.places, { deviceSync: true });
    await until(async () => {
      await old.client.conversations.sync();
      await client.conversations.syncAll(consentStates);
      return (
        await Promise.all(
          [old.group.id, old.dm.id].map(async (id) => (await client.conversations.getConversationById(id))?.isActive === true),
        )
      ).every(Boolean);
    }, 40_000);
    const streamed: unknown[] = [];
    const stream = await client.conversations.streamAllMessages({ onValue: ({ content }) => streamed.push(content), consentStates });
    await backups.start();
    await backups.historySync.request();
    await until(async () => {
      await old.client.syncAllDeviceSyncGroups();
      backups.lookNow();
      return heard.length === 2;
    }, 60_000);
    const expected = await Promise.all(
      [old.group.id, old.dm.id].map(async (id) => ({
        id,
        importedIds: [id],
        ...(await messagesOf(client, id, await textsOf(old.client, id))),
      })),
    );
    expect(sorted(heard[1]?.conversations ?? [])).toEqual(sorted(expected));
    for (const text of [...groupTexts, ...dmTexts]) expect(streamed).not.toContain(text);
    await stream.end();
  });

  it("behavior: what is sent under a pin is told when it is processed, and once", { timeout: 60_000 }, async () => {
    const old = await oldPhone();
    const { client, backups, heard } = await newPhone(old.person, old.places);
    await backups.historySync.request();
    await old.backups.historySync.send("1234");
    const { imported } = await backups.historySync.process("1234");
    const expected = await Promise.all(
      [old.group.id, old.dm.id].map(async (id) => ({
        id,
        importedIds: [id],
        isNew: true,
        ...(await messagesOf(client, id, await textsOf(client, id))),
      })),
    );
    expect(sorted(imported)).toEqual(sorted(expected));
    expect((await backups.historySync.process("1234")).imported).toEqual([]);
    expect(heard).toEqual([{ conversations: [] }, { id: expect.any(String) as string, by: "historySync", conversations: imported }]);
  });
});
