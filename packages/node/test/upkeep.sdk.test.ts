import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "@xmtp-backup/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf } from "./support/backupsOf.ts";
import { expectRefused } from "./support/expectRefused.ts";
import { filesIn } from "./support/filesIn.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("upkeep of stored archives", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());

  const archiveOf = ({ id }: ArchiveEntry) => `${id}.xmtp`;

  it("default: names, pins and verifications last, leave the archive's bytes alone, and it restores as before", async () => {
    const { world, alice, phone } = talk;
    const places = talk.newPlaces();
    const { entry } = await backupsOf(phone, places).backup().result;
    const bytes = (await filesIn(places.directory))[archiveOf(entry)];
    await backupsOf(phone, places).rename(entry.id, "Lisbon");
    await backupsOf(phone, places).pin(entry.id);
    const verified = await backupsOf(phone, places).verify(entry.id);
    expect(verified.details).toEqual({
      ...entry.details,
      name: "Lisbon",
      pinned: true,
      verifiedAtMs: verified.details?.verifiedAtMs,
      changedAtMs: verified.details?.changedAtMs,
    });
    expect(verified.details?.verifiedAtMs).toBeGreaterThanOrEqual(entry.details!.verifiedAtMs!);
    const files = await filesIn(places.directory);
    expect(Object.keys(files).sort()).toEqual([`${entry.id}.manifest.json`, archiveOf(entry)]);
    expect(files[archiveOf(entry)]).toBe(bytes);

    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, places);
    const [latest] = await backups.list();
    expect(latest).toEqual(verified);
    expect(await backups.restore(latest!).result).toMatchObject({ messages: { restored: 4, expected: 4 } });
    backups.stop();
  });

  it("behavior: pinned and named archives outlive the policy, and the dry run says so", async () => {
    const places = talk.newPlaces();
    const backups = backupsOf(talk.phone, places, { policy: { keep: { last: 1 } } });
    const { entry: pinned } = await backups.backup().result;
    await backups.pin(pinned.id);
    const { entry: named } = await backups.backup({ name: "Before the trip" }).result;
    const { entry: old } = await backups.backup().result;
    const { entry: latest, prunedIds } = await backups.backup().result;
    expect(prunedIds).toEqual([old.id]);
    const plan = await backups.planRetention();
    expect(plan.map(({ id, action }) => [id, action])).toEqual([
      [latest.id, "keep"],
      [named.id, "keep"],
      [pinned.id, "keep"],
    ]);
    await backups.unpin(pinned.id);
    expect((await backups.planRetention()).find(({ id }) => id === pinned.id)?.action).toBe("remove");
  });

  it("behavior: a flipped bit and a missing end are found, and nothing is changed", async () => {
    const places = talk.newPlaces();
    const backups = backupsOf(talk.phone, places);
    const { entry } = await backups.backup().result;
    const path = join(places.directory, archiveOf(entry));
    const bytes = await readFile(path);
    const untouched = { client: talk.phone, directory: places.directory };

    const flipped = Uint8Array.from(bytes, (byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte));
    await writeFile(path, flipped);
    await expectRefused(untouched, "ARCHIVE_DAMAGED", () => backups.verify(entry.id));
    await writeFile(path, bytes);
    await truncate(path, bytes.length - 1);
    await expectRefused(untouched, "ARCHIVE_TRUNCATED", () => backups.verify(entry.id));
    await writeFile(path, bytes);
    expect(await backups.verify(entry.id)).toMatchObject({ id: entry.id, seal: "open" });
  });
});
