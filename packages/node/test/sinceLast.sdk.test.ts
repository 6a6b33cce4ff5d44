import { setTimeout as wait } from "node:timers/promises";
import { readArchive } from "@xmtp-backup/archive";
import { type ArchiveEntry, type Backups, type ExportRequest, type Host, systemClock } from "@xmtp-backup/core";
import { ConsentEntityType, ConsentState, type Client, type Dm, type Group } from "@xmtp/node-sdk";
import { describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { archiveOf } from "./support/archiveOf.ts";
import { backupsOf as backupsNow, type Places, placesIn } from "./support/backupsOf.ts";
import { chat, find, textsOf } from "./support/chat.ts";
import { closeClient } from "./support/closeClient.ts";
import { sendOptimistically } from "./support/sendOptimistically.ts";
import { startWorld } from "./support/world.ts";

const anyConsent = [ConsentState.Allowed, ConsentState.Unknown, ConsentState.Denied];

/** The SDK's own bookkeeping, and its last activity: a message that was sent here first has this device's time, and then the server's. */
const bookkeeping = new Set(["exportedAtNs", "installationsLastCheckedNs", "rotatedAtNs", "lastMessageNs"]);

const deletionType = { authorityId: "xmtp.org", typeId: "deleteMessage", versionMajor: 1, versionMinor: 0 };

function deleteForEveryone(conversation: Group | Dm, messageId: string): Promise<string> {
  const id = new TextEncoder().encode(messageId);
  const content = Uint8Array.from([0x0a, id.length, ...id]);
  return conversation.send({ type: deletionType, parameters: {}, content }, { shouldPush: false });
}

function plain(name: string, value: unknown): unknown {
  if (bookkeeping.has(name)) return undefined;
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return [...value].join();
  return name === "attributes" ? Object.entries(value as object).sort() : value;
}

/** What an archive holds, in an order of its own. */
async function recordsOf({ directory, keyPath }: Places, { id }: ArchiveEntry): Promise<string[]> {
  const [key] = await fileKeys({ path: keyPath }).load();
  const records: string[] = [];
  for await (const record of readArchive(await fileStore({ directory }).get(id), key as Uint8Array)) {
    records.push(JSON.stringify(record, plain));
  }
  return records.sort();
}

/** Backups on a clock that is two hours ahead, so that what they find counts as old. */
function backupsOf(client: Client, places: Places, host = nodeHost(client)): Backups {
  return backupsNow(client, places, { host, clock: { ...systemClock, now: () => Date.now() + 7_200_000 } });
}

/** Makes an archive from the last one and another of everything, and expects them to be the same. */
async function compare(client: Client, places: Places, backups = backupsOf(client, places)): Promise<ArchiveEntry> {
  const { entry } = await backups.backup().result;
  expect(entry.details?.updatedFrom).toBeDefined();
  const fresh = await backups.backup({ fresh: true }).result;
  expect(fresh.entry.details?.updatedFrom).toBeUndefined();
  expect(await recordsOf(places, entry)).toEqual(await recordsOf(places, fresh.entry));
  return entry;
}

describe("a whole backup from the last one, on the real SDK", () => {
  it("default: holds what an export of everything holds, whatever changed", async () => {
    const world = await startWorld();
    try {
      const bob = await world.open(world.newPerson());
      const carol = await world.open(world.newPerson());
      const person = world.newPerson();
      const device = { dbPath: world.newPath("client.db3") };
      const client = await world.open(person, device);
      const places = placesIn(world.newPath("places"));
      const { group, dm } = await chat(client, bob);
      const ours = await bob.conversations.createGroup([client.inboxId], { groupName: "Bob's" });
      await ours.sendText("Hello");
      await client.conversations.syncAll();
      await backupsOf(client, places).backup().result;
      await compare(client, places);

      await sendOptimistically(group, "Not sent yet");
      await compare(client, places);
      await group.publishMessages();
      await compare(client, places);

      await dm.sendText("One more");
      await group.updateName("Porto in June");
      await group.updateDescription("The night train");
      await group.addMembers([carol.inboxId]);
      await group.addAdmin(bob.inboxId);
      await dm.updateMessageDisappearingSettings(1n, 10n ** 18n);
      await ((await find(bob, ours.id)) as Group).updateName("Bob's own");
      await ((await find(bob, ours.id)) as Group).updateImageUrl("https://example.com/train.png");
      await client.preferences.setConsentStates([
        { entityType: ConsentEntityType.GroupId, entity: ours.id, state: ConsentState.Denied },
        { entityType: ConsentEntityType.InboxId, entity: carol.inboxId, state: ConsentState.Allowed },
      ]);
      const later = await carol.conversations.createGroup([client.inboxId], { groupName: "Carol's" });
      await later.sendText("Join us");
      await client.conversations.syncAll(anyConsent);
      const entry = await compare(client, places);
      expect(entry.details).toMatchObject({ counts: { conversations: 4 } });
      expect(entry.details).not.toHaveProperty("missingMessages");

      // What a new installation gets of it.
      await closeClient(client);
      const tablet = await world.open(person);
      await backupsOf(tablet, places).restore(entry).result;
      expect(await textsOf(tablet, dm.id)).toContain("One more");
      expect(await textsOf(tablet, later.id)).toContain("Join us");
      const names = tablet.conversations.listGroups({ consentStates: anyConsent }).map(({ name }) => name);
      expect(names.sort()).toEqual(["Bob's own", "Carol's", "Porto in June"]);
    } finally {
      await world.dispose();
    }
  });

  it("behavior: so it does on a device that was restored, before and after its conversations are active", { timeout: 60_000 }, async () => {
    const world = await startWorld();
    try {
      const bob = await world.open(world.newPerson());
      const person = world.newPerson();
      const phone = await world.open(person);
      const places = placesIn(world.newPath("places"));
      const { group, dm } = await chat(phone, bob);
      const { entry: brought } = await backupsOf(phone, places).backup().result;
      await closeClient(phone);

      const tablet = await world.open(person);
      const backups = backupsOf(tablet, places);
      await backups.restore(brought).result;
      expect((await backups.backup().result).entry.details?.updatedFrom).toBeUndefined();
      expect((await compare(tablet, places, backups)).details).toMatchObject({ counts: { conversations: 2, messages: 4 } });

      // A DM of its own, which the SDK shows with the restored one as one.
      const again = await tablet.conversations.createDm(bob.inboxId);
      await again.sendText("From the tablet");
      await compare(tablet, places, backups);

      // Bob's client adds the tablet no sooner than five seconds after it looked for new devices.
      await wait(5_200);
      await bob.conversations.syncAll(anyConsent);
      await (await find(bob, group.id)).sendText("Are you there?");
      await (await find(bob, dm.id)).sendText("Hello?");
      await tablet.conversations.syncAll(anyConsent);
      await tablet.conversations.syncAll(anyConsent);
      expect((await find(tablet, group.id)).isActive).toBe(true);
      const { details } = await compare(tablet, places, backups);
      expect(details?.conversations).toHaveLength(3);

      const said = await again.sendText("Not this");
      await deleteForEveryone(again, said);
      expect((await compare(tablet, places, backups)).details?.deletedMessages).toHaveLength(1);
      await again.sendText("After all");
      expect((await compare(tablet, places, backups)).details?.deletedMessages).toHaveLength(1);
      backups.stop();
    } finally {
      await world.dispose();
    }
  });

  it("behavior: records that a restore brought in a crowd come from the last archive", { timeout: 60_000 }, async () => {
    const world = await startWorld();
    try {
      const client = await world.open(world.newPerson());
      const bob = await world.open(world.newPerson());
      const places = placesIn(world.newPath("places"));
      const key = new Uint8Array(32).fill(7);
      const archive = await archiveOf(client.inboxId, Array<number[]>(220).fill([20]), key);
      const requests: ExportRequest[] = [];
      const host = nodeHost(client);
      const exportArchive: Host["exportArchive"] = (request, ...rest) => {
        requests.push(request);
        return host.exportArchive(request, ...rest);
      };
      const backups = backupsOf(client, places, { ...host, exportArchive });
      await backups.restore(archive, { key }).result;
      await backups.backup().result;
      await compare(client, places, backups);

      const [first, last] = extent(client);
      const group = await client.conversations.createGroup([bob.inboxId], { groupName: "Later" });
      await group.sendText("Hello");
      requests.length = 0;
      const { entry } = await backups.backup().result;
      const exported = requests.map(({ startNs = 0n, endNs = 2n ** 63n }) => ({ startNs, endNs }));
      expect(exported).toHaveLength(2);
      expect(exported.filter(({ startNs, endNs }) => startNs < last && endNs > first)).toEqual([]);
      expect(entry.details).toMatchObject({ counts: { conversations: 221, messages: 221 } });
      expect((await compare(client, places, backups)).details?.counts.conversations).toBe(221);
      backups.stop();
    } finally {
      await world.dispose();
    }
  });
});

/** When the first and the last of a client's conversations were created. */
function extent(client: Client): [bigint, bigint] {
  const times = client.conversations.listGroups({ consentStates: anyConsent }).map(({ createdAtNs }) => createdAtNs);
  times.sort((a, b) => (a < b ? -1 : 1));
  return [times[0] as bigint, times.at(-1) as bigint];
}
