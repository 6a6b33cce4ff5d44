import { chmod, chown, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Assignment, ChildReport } from "./support/assignment.ts";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { closeClient } from "./support/closeClient.ts";
import { contentOf } from "./support/contentOf.ts";
import { copyDevice } from "./support/copyDevice.ts";
import { expectNothingLeft } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { runChild } from "./support/runChild.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const nobody = 65_534;
const isRoot = process.getuid?.() === 0;

describe("a store that can't be used", () => {
  let talk: Talk;
  let devicePath: string;
  beforeAll(async () => {
    talk = await startTalk();
    devicePath = String(talk.phone.options?.dbPath);
    await closeClient(talk.phone);
    // An ordinary user gets through to what is given to them; the folder itself stays its owner's.
    if (isRoot) await chmod(talk.world.folder, 0o755);
  });
  afterAll(() => talk.world.dispose());

  /** A copy of Alice's phone with one archive, handed to an ordinary user. */
  async function prepare(): Promise<{ dbPath: string; places: Places }> {
    const folder = talk.world.newPath("device");
    await mkdir(folder);
    const dbPath = join(folder, "phone.db3");
    await copyDevice(devicePath, dbPath);
    const places = { directory: join(folder, "archives"), keyPath: join(folder, "keys", "archive-keys") };
    const phone = await talk.alice.openOn({ dbPath });
    await backupsOf(phone, places).backup({ name: "Earlier" }).result;
    await closeClient(phone);
    return { dbPath, places };
  }

  async function attempt(device: { dbPath: string; places: Places }, assignment: Partial<Assignment> = {}): Promise<ChildReport> {
    if (isRoot) await giveTo(nobody, dirname(device.dbPath));
    const { alice, world } = talk;
    const child = await runChild({
      networkUrl: world.network.url,
      privateKey: alice.privateKey,
      task: "backup",
      ...(isRoot && { userId: nobody }),
      ...device,
      ...assignment,
    });
    await child.kill();
    return child.report;
  }

  async function expectUntouched({ dbPath, places }: { dbPath: string; places: Places }, files: Record<string, string>): Promise<void> {
    expect(await filesIn(places.directory)).toEqual(files);
    const phone = await talk.world.open(talk.alice, { dbPath });
    await expectNothingLeft(phone);
    expect((await contentOf(phone)).map(({ messageIds }) => messageIds.length)).toEqual([2, 2]);
    const { entry } = await backupsOf(phone, places).backup().result;
    expect(entry.details?.counts.messages).toBe(4);
  }

  it.concurrent.each<[string, number, Assignment["task"]]>([
    ["written", 0o500, "backup"],
    ["read", 0o300, "backup"],
    ["entered", 0o600, "restore"],
  ])("behavior: a folder that may not be %s is STORE_DENIED", async (_title, mode, task) => {
    const device = await prepare();
    const files = await filesIn(device.places.directory);
    await chmod(device.places.directory, mode);
    expect(await attempt(device, { task })).toMatchObject({ kind: "failed", code: "STORE_DENIED", retryable: false });
    await chmod(device.places.directory, 0o700);
    await expectUntouched(device, files);
  });

  it.concurrent("behavior: a folder that may not be made is STORE_DENIED", async () => {
    const device = await prepare();
    const closed = join(dirname(device.dbPath), "closed");
    await mkdir(closed, { mode: 0o500 });
    const report = await attempt({ ...device, places: { ...device.places, directory: join(closed, "archives") } });
    expect(report).toMatchObject({ kind: "failed", code: "STORE_DENIED" });
    expect(await filesIn(closed)).toEqual({});
  });

  it.concurrent("behavior: an archive that may not be read is STORE_DENIED", async () => {
    const device = await prepare();
    const files = await filesIn(device.places.directory);
    const archive = Object.keys(files).find((name) => name.endsWith(".xmtp"));
    await chmod(join(device.places.directory, archive!), 0o000);
    expect(await attempt(device, { task: "restore" })).toMatchObject({ kind: "failed", code: "STORE_DENIED" });
    await chmod(join(device.places.directory, archive!), 0o600);
    await expectUntouched(device, files);
  });

  it.concurrent("behavior: a key file that may not be read is KEY_STORE_FAILED, and no other key is made", async () => {
    const device = await prepare();
    const files = await filesIn(device.places.directory);
    await chmod(device.places.keyPath, 0o000);
    expect(await attempt(device)).toMatchObject({ kind: "failed", code: "KEY_STORE_FAILED" });
    await chmod(device.places.keyPath, 0o600);
    await expectUntouched(device, files);
  });

  it.concurrent("behavior: a full store is STORE_FULL and leaves nothing of the archive", async (context) => {
    if (process.platform !== "linux") return context.skip("only Linux has prlimit");
    const device = await prepare();
    const files = await filesIn(device.places.directory);
    const report = await attempt(device, { fileLimit: { from: "storing", bytes: 1_024 } });
    expect(report).toMatchObject({ kind: "failed", code: "STORE_FULL", retryable: false });
    await expectUntouched(device, files);
  });

  it.concurrent("behavior: no room for the export is DEVICE_FULL and leaves nothing of it", async (context) => {
    if (process.platform !== "linux") return context.skip("only Linux has prlimit");
    const device = await prepare();
    const files = await filesIn(device.places.directory);
    const report = await attempt(device, { fileLimit: { from: "exporting", bytes: 1_024 } });
    expect(report).toMatchObject({ kind: "failed", code: "DEVICE_FULL", retryable: false });
    await expectUntouched(device, files);
  });
});

async function giveTo(userId: number, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  for (const path of [folder, ...entries.map((entry) => join(folder, entry))]) await chown(path, userId, userId);
}
