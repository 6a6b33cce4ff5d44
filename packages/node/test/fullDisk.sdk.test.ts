import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveRecord, writeArchive } from "@xmtp-backup/archive";
import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { type SmallDisk, smallDiskOrSkip } from "../../../test/files/smallDisk.ts";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { recordsOf } from "./support/archiveOf.ts";
import { closeClient } from "./support/closeClient.ts";
import { pathsIn } from "./support/filesIn.ts";
import type { Person } from "./support/person.ts";
import { startWorld, type World } from "./support/world.ts";

const kB = 1_000;
const MB = 1_000_000;
const messages = 30;
const messageBytes = 100 * kB;

/** Alice's client holds 30 messages of 100 kB, which no compression makes smaller: an archive of 3 MB. */
describe("a disk that is nearly full", () => {
  let world: World;
  let alice: Person;
  let client: Client;
  const key = generateArchiveKey();
  beforeAll(async () => {
    world = await startWorld();
    alice = world.newPerson();
    client = await world.open(alice);
    const { backups } = await setUp(client);
    await backups.restore(await largeArchive()).result;
  });
  afterAll(() => world.dispose());

  async function largeArchive(): Promise<Blob> {
    const records = [...recordsOf(client.inboxId, [Array.from({ length: messages }, () => messageBytes)])];
    return new Response(writeArchive(records.map(withNoise), key) as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
  }

  async function setUp(
    of: Client,
    { stateDirectory, directory = world.newPath("archives") }: { stateDirectory?: string; directory?: string } = {},
  ) {
    const keys = fileKeys({ path: world.newPath("keys") });
    await keys.add(key);
    const host = nodeHost(of, stateDirectory === undefined ? {} : { stateDirectory });
    return { host, directory, backups: createBackups({ host, store: fileStore({ directory }), keys }) };
  }

  function disk(context: Parameters<typeof smallDiskOrSkip>[0], bytes: number): SmallDisk {
    const small = smallDiskOrSkip(context, world.newPath("disk"), bytes);
    onTestFinished(() => small.dispose());
    return small;
  }

  const archivesIn = async (path: string) =>
    (await readdir(path).catch(() => [])).filter((name) => name.endsWith(".xmtp") || name.endsWith(".part"));
  const temporaryIn = async (path: string) => (await pathsIn(path)).filter((name) => name.endsWith(".tmp"));

  it("behavior: an export that the disk has no room for is DEVICE_FULL, and leaves nothing", async (context) => {
    const { path } = disk(context, 2 * MB);
    const { backups, directory } = await setUp(client, { stateDirectory: join(path, "state") });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "DEVICE_FULL", retryable: false });
    expect([await archivesIn(directory), await temporaryIn(path)]).toEqual([[], []]);
  });

  it("behavior: after a backup, the next one is refused before the SDK is asked, and works once there is room", async (context) => {
    const small = disk(context, 40 * MB);
    const { backups, host, directory } = await setUp(client, { stateDirectory: join(small.path, "state") });
    const { entry } = await backups.backup().result;
    const exported = vi.spyOn(host, "exportArchive");
    small.resize(5 * MB);
    await expect(backups.backup().result).rejects.toMatchObject({
      code: "DEVICE_FULL",
      details: expect.stringMatching(/needs about 6\.\d MB, and \d\.\d MB are free/) as string,
    });
    expect(exported).not.toHaveBeenCalled();
    expect(await archivesIn(directory)).toEqual([`${entry.id}.xmtp`]);
    small.resize(40 * MB);
    await backups.backup().result;
    expect((await backups.list()).length).toBeGreaterThan(0);
  });

  it("behavior: a store without room is STORE_FULL, before anything is exported where the last archive tells", async (context) => {
    const { path } = disk(context, 4 * MB);
    const { backups, host } = await setUp(client, { directory: path, stateDirectory: world.newPath("state") });
    await backups.backup().result;
    const before = await readdir(path);
    const exported = vi.spyOn(host, "exportArchive");
    await expect(backups.backup().result).rejects.toMatchObject({ code: "STORE_FULL", retryable: false });
    expect(exported).not.toHaveBeenCalled();
    expect(await readdir(path)).toEqual(before);
  });

  it("behavior: an archive that the disk has no room to keep is DEVICE_FULL, and leaves what was kept", async (context) => {
    const { path } = disk(context, 2 * MB);
    const { kept } = nodeHost(client, { stateDirectory: join(path, "state") });
    await kept?.put("last", new Blob([new Uint8Array(1 * MB)]));
    const larger = new Blob([new Uint8Array(3 * MB)]);
    await expect(kept?.put("last", larger)).rejects.toMatchObject({ code: "DEVICE_FULL", retryable: false });
    expect([await kept?.list(), await archivesIn(path)]).toEqual([[{ name: "last", sizeBytes: 1 * MB }], []]);
    expect((await pathsIn(path)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("behavior: a database that can't grow is DEVICE_FULL; with room again the same restore is completed", async (context) => {
    const small = disk(context, 3 * MB);
    const phone = await world.open(alice, { dbPath: join(small.path, "phone.db3") });
    const { backups } = await setUp(phone, { stateDirectory: world.newPath("state") });
    const archive = await largeArchive();
    await expect(backups.restore(archive).result).rejects.toMatchObject({ code: "DEVICE_FULL", retryable: false });
    small.resize(40 * MB);
    expect((await backups.restore(archive).result).messages).toEqual({ restored: messages, expected: messages });
    await closeClient(phone);
  });
});

/** Fills a message with what can't be compressed. */
function withNoise(record: ArchiveRecord): ArchiveRecord {
  if (record.kind !== "message") return record;
  const content = Buffer.from(record.message.content);
  content.write(randomBytes(messageBytes).toString("base64"), content.length - messageBytes, "latin1");
  return { ...record, message: { ...record.message, content: new Uint8Array(content) } };
}
