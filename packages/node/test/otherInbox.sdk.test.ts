import { openAsBlob } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveEntry } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { contentOf } from "./support/contentOf.ts";
import { expectRefused } from "./support/expectRefused.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("an archive of another inbox", () => {
  let talk: Talk;
  let places: Places;
  let entry: ArchiveEntry;
  let carol: Client;
  beforeAll(async () => {
    talk = await startTalk();
    places = talk.newPlaces();
    ({ entry } = await backupsOf(talk.phone, places).backup({ name: "Alice's" }).result);
    carol = await talk.world.open(talk.world.newPerson());
  });
  afterAll(() => talk.world.dispose());

  const untouched = () => ({ client: carol, directory: places.directory });
  const archivePath = () => join(places.directory, `${entry.id}.xmtp`);

  it("default: is refused although the key is right", async () => {
    await expectRefused(untouched(), "ARCHIVE_OTHER_INBOX", () => backupsOf(carol, places).restore(entry).result);
  });

  it("behavior: is refused when the list could not say whose it is and the key is handed in", async () => {
    const [key] = await fileKeys({ path: places.keyPath }).load();
    const keyless = backupsOf(carol, { ...places, keyPath: talk.world.newPath("no-keys") });
    const [listed] = await keyless.list();
    expect(listed?.seal).toBe("otherKey");
    await expectRefused(untouched(), "ARCHIVE_OTHER_INBOX", () => keyless.restore(listed!, { key: key! }).result);
  });

  it("behavior: is refused when its manifest is damaged, and by its DMs when it is salvaged", async () => {
    const path = join(places.directory, `${entry.id}.manifest.json`);
    const manifest = await readFile(path, "utf8");
    try {
      await writeFile(path, manifest.replace(/"createdAtMs": \d+/, '"createdAtMs": 1'));
      const [listed] = await backupsOf(carol, places).list();
      expect(listed?.seal).toBe("damaged");
      await expectRefused(untouched(), "ARCHIVE_DAMAGED", () => backupsOf(carol, places).restore(listed!).result);
      await expectRefused(untouched(), "ARCHIVE_OTHER_INBOX", () => backupsOf(carol, places).restore(listed!, { salvage: true }).result);
    } finally {
      await writeFile(path, manifest);
    }
  });

  it("behavior: is refused by its DMs when it is a bare file", async () => {
    const file = await openAsBlob(archivePath());
    await expectRefused(untouched(), "ARCHIVE_OTHER_INBOX", () => backupsOf(carol, places).restore(file).result);
  });

  it("behavior: a bare file of the same inbox is taken", async () => {
    const fresh = await talk.world.open(talk.alice);
    const backups = backupsOf(fresh, places);
    expect(await backups.restore(await openAsBlob(archivePath())).result).toMatchObject({ messages: { restored: 4, expected: 4 } });
    backups.stop();
  });

  it("parameters: allowOtherInbox: it is imported when the caller insists", async () => {
    const dave = await talk.world.open(talk.world.newPerson());
    const backups = backupsOf(dave, places);
    expect(await backups.restore(entry, { allowOtherInbox: true }).result).toMatchObject({ messages: { restored: 4, expected: 4 } });
    expect((await contentOf(dave)).map(({ isActive }) => isActive)).toEqual([false, false]);
    backups.stop();
  });
});
