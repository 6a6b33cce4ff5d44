import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ArchiveEntry, Backups, BackupOptions, Element } from "@xmtp-backup/core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { closeClient, closedOrSkip } from "./support/closeClient.ts";
import { expectRefused } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("what a task refuses before it touches anything", () => {
  let talk: Talk;
  let places: Places;
  let backups: Backups;
  let entry: ArchiveEntry;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());
  beforeEach(async () => {
    places = talk.newPlaces();
    backups = backupsOf(talk.phone, places);
    ({ entry } = await backups.backup({ name: "Earlier" }).result);
  });

  const untouched = () => ({ client: talk.phone, directory: places.directory });

  it.each<[string, BackupOptions]>([
    ["elements: none", { elements: [] }],
    ["elements: unknown", { elements: ["attachments" as Element] }],
    ["startNs: after the end", { startNs: 2n, endNs: 1n }],
    ["startNs: at the end", { startNs: 1n, endNs: 1n }],
    ["startNs: negative", { startNs: -1n }],
    ["endNs: not a bigint", { endNs: 1 as unknown as bigint }],
  ])("parameters: %s", async (_title, options) => {
    await expectRefused(untouched(), "OPTIONS_INVALID", () => backups.backup(options).result);
  });

  it.each([31, 33])(
    "behavior: a key file whose only key has %d bytes is KEY_MISSING beside archives, and they are listed as closed",
    async (length) => {
      await writeFile(places.keyPath, `${"ab".repeat(length)}\n`);
      await expectRefused(untouched(), "KEY_MISSING", () => backups.backup().result);
      expect((await backups.list()).map(({ id, seal }) => [id, seal])).toEqual([[entry.id, "otherKey"]]);
      expect(await readFile(places.keyPath, "utf8")).toBe(`${"ab".repeat(length)}\n`);
    },
  );

  it("behavior: a damaged line beside a good key is left out, and stays in the file", async () => {
    await appendFile(places.keyPath, "not a key\n");
    const before = await readFile(places.keyPath, "utf8");
    const made = (await backups.backup().result).entry;
    expect(made.keyFingerprint).toBe(entry.keyFingerprint);
    expect(await readFile(places.keyPath, "utf8")).toBe(before);
  });

  it("behavior: a folder where the key file should be is KEY_STORE_FAILED", async () => {
    const elsewhere = { ...places, keyPath: talk.world.newPath("key-folder") };
    await mkdir(elsewhere.keyPath);
    await expectRefused(untouched(), "KEY_STORE_FAILED", () => backupsOf(talk.phone, elsewhere).backup().result);
  });

  it("behavior: a closed client is CLIENT_CLOSED, for a backup, a restore and a start", async (context) => {
    closedOrSkip(context);
    const { world, alice, phone } = talk;
    const closed = await world.open(alice);
    const late = backupsOf(closed, places);
    await closeClient(closed);
    const before = await filesIn(places.directory);
    for (const run of [() => late.backup().result, () => late.restore(entry).result, () => late.start()]) {
      await expect(run()).rejects.toMatchObject({ name: "BackupError", code: "CLIENT_CLOSED", retryable: false });
    }
    await expectRefused({ client: phone, directory: places.directory }, "CLIENT_CLOSED", () => late.backup().result);
    expect(await filesIn(places.directory)).toEqual(before);
  });

  it("behavior: a closed client fails as closed by every call of the host", async (context) => {
    closedOrSkip(context);
    const { world, alice, group } = talk;
    const closed = await world.open(alice);
    const host = nodeHost(closed);
    await closeClient(closed);
    const [key = new Uint8Array(32)] = await fileKeys({ path: places.keyPath }).load();
    const archive = new Blob([await readFile(`${places.directory}/${entry.id}.xmtp`)]);
    const calls = [
      () => host.identity(),
      () => host.exportArchive({ elements: ["messages"] }, key),
      () => host.importArchive(archive, key),
      () => host.listConversations(),
      () => host.countMessages(group.id),
      () => host.syncConversations(),
      () => host.syncAll(),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    host.watch(() => undefined)();
  });

  it("behavior: a missing folder that may not be made is STORE_UNAVAILABLE, and so is a file in its place", async () => {
    const missing = talk.world.newPath("mount");
    const unmounted = backupsOf(talk.phone, places, { store: fileStore({ directory: missing, create: false }) });
    await expectRefused(untouched(), "STORE_UNAVAILABLE", () => unmounted.backup().result);
    await expectRefused(untouched(), "STORE_UNAVAILABLE", () => unmounted.restore(entry).result);
    await expectRefused(untouched(), "STORE_UNAVAILABLE", () => unmounted.list());
    expect(await filesIn(dirname(missing))).not.toHaveProperty("mount");

    await writeFile(missing, "not a folder");
    const inItsPlace = backupsOf(talk.phone, { ...places, directory: missing });
    await expectRefused(untouched(), "STORE_UNAVAILABLE", () => inItsPlace.backup().result);
    expect(await readFile(missing, "utf8")).toBe("not a folder");
  });

  it("behavior: a second task beside a running one is TASK_IN_PROGRESS, and the first one ends well", async () => {
    const running = backups.backup({ name: "Running" });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS", retryable: true });
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "TASK_IN_PROGRESS" });
    expect((await running.result).entry.details?.counts.messages).toBe(4);
    expect((await backups.list()).map(({ details }) => details?.name)).toEqual(["Running", "Earlier"]);
  });
});
