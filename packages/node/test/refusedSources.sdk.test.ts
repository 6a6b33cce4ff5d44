import { openAsBlob } from "node:fs";
import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveEntry, type Backups, generateArchiveKey, isBackupError } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { backupsOf, type Places, placesIn } from "./support/backupsOf.ts";
import { contentOf } from "./support/contentOf.ts";
import { expectRefused } from "./support/expectRefused.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const dayMs = 24 * 60 * 60_000;

describe("what restore refuses", () => {
  let talk: Talk;
  let fresh: Client;
  let places: Places;
  let entry: ArchiveEntry;
  let backups: Backups;
  beforeAll(async () => {
    talk = await startTalk();
    fresh = await talk.world.open(talk.alice);
  });
  afterAll(() => talk.world.dispose());
  beforeEach(async () => {
    places = talk.newPlaces();
    ({ entry } = await backupsOf(talk.phone, places).backup().result);
    backups = backupsOf(fresh, places);
  });

  const archivePath = () => join(places.directory, `${entry.id}.xmtp`);
  const storedBytes = () => readFile(archivePath());
  const untouched = () => ({ client: fresh, directory: places.directory });

  it("behavior: a key that did not make the archive is KEY_WRONG", async () => {
    await expectRefused(untouched(), "KEY_WRONG", () => backups.restore(entry, { key: generateArchiveKey() }).result);
    const elsewhere = { ...places, keyPath: talk.world.newPath("other-keys") };
    await fileKeys({ path: elsewhere.keyPath }).add(generateArchiveKey());
    const others = backupsOf(fresh, elsewhere);
    const [listed] = await others.list();
    expect(listed?.seal).toBe("otherKey");
    await expectRefused(untouched(), "KEY_WRONG", () => others.restore(listed!).result);
  });

  it("behavior: a wrong key for a bare file can't be told from damage", async () => {
    const file = await openAsBlob(archivePath());
    await expectRefused(untouched(), "ARCHIVE_KEY_OR_DAMAGE", () => backups.restore(file, { key: generateArchiveKey() }).result);
  });

  it("behavior: without any key it is KEY_MISSING", async () => {
    const keyless = backupsOf(fresh, { ...places, keyPath: talk.world.newPath("no-keys") });
    await expectRefused(untouched(), "KEY_MISSING", () => keyless.restore(entry).result);
    await expectRefused(untouched(), "KEY_MISSING", async () => keyless.restore(await openAsBlob(archivePath())).result);
  });

  it.each([0, 16, 31, 33, 64])("parameters: key: one of %d bytes is KEY_INVALID", async (length) => {
    const key = new Uint8Array(length).fill(1);
    await expectRefused(untouched(), "KEY_INVALID", () => backups.restore(entry, { key }).result);
    await expectRefused(untouched(), "KEY_INVALID", () => backups.inspect(entry, { key }));
  });

  it("behavior: an empty file is ARCHIVE_EMPTY", async () => {
    await expectRefused(untouched(), "ARCHIVE_EMPTY", () => backups.restore(new Blob([])).result);
    await truncate(archivePath(), 0);
    await expectRefused(untouched(), "ARCHIVE_EMPTY", () => backups.restore(entry).result);
  });

  it.each([0.1, 0.5, 0.99])("behavior: cut off at %d of its length it is ARCHIVE_TRUNCATED", async (part) => {
    const bytes = await storedBytes();
    const length = Math.floor(bytes.length * part);
    await expectRefused(untouched(), "ARCHIVE_TRUNCATED", () => backups.restore(new Blob([bytes.subarray(0, length)])).result);
    await truncate(archivePath(), length);
    await expectRefused(untouched(), "ARCHIVE_TRUNCATED", () => backups.restore(entry).result);
  });

  it.each([
    ["a photo", Buffer.from("ffd8ffe000104a46494600010100000100010000ffdb0043000302020302", "hex")],
    ["a text", Buffer.from("Dear diary, ".repeat(50))],
    ["zeroes", Buffer.alloc(5_000)],
    ["one byte", Buffer.alloc(1)],
  ])("behavior: %s is not an archive", async (_title, bytes) => {
    const refusals = ["ARCHIVE_FOREIGN", "ARCHIVE_VERSION_UNSUPPORTED", "ARCHIVE_TRUNCATED"];
    const code = await codeOf(() => backups.inspect(new Blob([bytes])));
    expect(refusals).toContain(code);
    await expectRefused(untouched(), code as "ARCHIVE_FOREIGN", () => backups.restore(new Blob([bytes])).result);
    await writeFile(
      archivePath(),
      Buffer.concat([bytes, Buffer.alloc(Math.max(0, entry.sizeBytes - bytes.length))]).subarray(0, entry.sizeBytes),
    );
    expect(await codeOf(() => backups.restore(entry).result)).toMatch(/^ARCHIVE_/);
    expect(await contentOf(fresh)).toEqual([]);
  });

  it("behavior: one flipped bit in a stored archive is ARCHIVE_DAMAGED", async () => {
    const bytes = await storedBytes();
    for (const offset of [0, 5, 14, 19, bytes.length >> 1, bytes.length - 1]) {
      await writeFile(archivePath(), flip(bytes, offset));
      await expectRefused(untouched(), "ARCHIVE_DAMAGED", () => backups.restore(entry).result);
    }
  });

  it("behavior: one flipped bit in a bare file is refused, or changes nothing of what it holds", async () => {
    const bytes = await storedBytes();
    const { sha256: _sha256, ...intact } = await backups.inspect(new Blob([bytes]));
    const step = 11;
    for (let offset = 0; offset < bytes.length; offset += offset < 64 ? 1 : step) {
      const flipped = new Blob([flip(bytes, offset)]);
      const outcome = await backups.inspect(flipped).catch((error: unknown) => error);
      if (isBackupError(outcome)) expect(outcome.code).toMatch(/^ARCHIVE_/);
      else expect(outcome).toMatchObject(intact);
    }
  });

  it("behavior: an archive that is gone may still come for a day, and is ARCHIVE_NOT_FOUND then", async () => {
    await rm(archivePath());
    await expectRefused(untouched(), "STORE_UNAVAILABLE", () => backups.restore(entry).result);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * dayMs });
    onTestFinished(() => void vi.useRealTimers());
    await expectRefused(untouched(), "ARCHIVE_NOT_FOUND", () => backups.restore(entry).result);
    await expectRefused(untouched(), "ARCHIVE_NOT_FOUND", () => backups.verify(entry.id));
  });

  it("behavior: another user's archives are neither listed with their names nor pruned", async () => {
    const carol = await talk.world.open(talk.world.newPerson());
    const strangers = { ...placesIn(talk.world.newPath("carol")), directory: places.directory };
    const theirs = backupsOf(carol, strangers, { policy: { keep: { last: 1 } } });
    for (let count = 0; count < 3; count += 1) await theirs.backup({ allowNewKey: true }).result;
    const seals = (await theirs.list()).map(({ id, seal }) => [id === entry.id, seal]);
    expect(seals.sort()).toEqual([
      [false, "open"],
      [true, "otherKey"],
    ]);
    expect((await backups.list()).filter(({ seal }) => seal === "open").map(({ id }) => id)).toEqual([entry.id]);
  });
});

function flip(bytes: Uint8Array, offset: number): Uint8Array<ArrayBuffer> {
  const flipped = Uint8Array.from(bytes);
  flipped[offset]! ^= 1 << (offset % 8);
  return flipped;
}

async function codeOf(run: () => Promise<unknown>): Promise<string | undefined> {
  const error: unknown = await run().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return isBackupError(error) ? error.code : undefined;
}
