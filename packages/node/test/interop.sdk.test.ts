import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveEntry, generateArchiveKey } from "@xmtp-backup/core";
import { BackupElementSelectionOption } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { backupsOf, type Places } from "./support/backupsOf.ts";
import { asInactive, contentOf, isAllowed } from "./support/contentOf.ts";
import { startTalk, type Talk } from "./support/talk.ts";

describe("interoperability with the SDK's own archive calls", () => {
  let talk: Talk;
  let places: Places;
  let entry: ArchiveEntry;
  let key: Uint8Array;
  beforeAll(async () => {
    talk = await startTalk();
    places = talk.newPlaces();
    await talk.group.sendText("A text that is longer than a kilobyte. ".repeat(100));
    ({ entry } = await backupsOf(talk.phone, places).backup({ name: "For another app" }).result);
    [key = new Uint8Array()] = await fileKeys({ path: places.keyPath }).load();
  });
  afterAll(() => talk.world.dispose());

  const archivePath = () => join(places.directory, `${entry.id}.xmtp`);

  it("default: the stored file is an archive to client.archiveMetadata", async () => {
    const metadata = await talk.phone.archiveMetadata(archivePath(), key);
    expect(metadata.backupVersion).toBe(0);
    expect([...metadata.elements].sort()).toEqual([BackupElementSelectionOption.Consent, BackupElementSelectionOption.Messages]);
    expect(metadata.exportedAtNs).toBeGreaterThan(BigInt(entry.createdAtMs - 60_000) * 1_000_000n);
  });

  it("default: client.importArchive imports the stored file whole, long messages included", async () => {
    const fresh = await talk.world.open(talk.alice);
    await fresh.importArchive(archivePath(), key);
    expect(await contentOf(fresh)).toEqual(asInactive(await contentOf(talk.phone)));
    expect(await isAllowed(fresh, talk.bob.inboxId)).toBe(true);
  });

  it("behavior: what client.createArchive made is inspected and restored as a bare file", async () => {
    const { world, alice, phone } = talk;
    const [path, rawKey] = [world.newPath("raw.xmtp"), generateArchiveKey()];
    await phone.createArchive(path, rawKey);
    const raw = new Blob([await readFile(path)]);
    const fresh = await world.open(alice);
    const backups = backupsOf(fresh, talk.newPlaces());
    expect((await backups.inspect(raw, { key: rawKey })).counts).toMatchObject({ conversations: 2, messages: 5 });
    expect(await backups.restore(raw, { key: rawKey }).result).toMatchObject({
      messages: { restored: 5, expected: 5 },
      incompleteConversationIds: [],
    });
    expect(await contentOf(fresh)).toEqual(asInactive(await contentOf(phone)));
    backups.stop();
  });

  it("behavior: the same archive is restored from any copy of its file", async () => {
    const copy = talk.world.newPath("from an e-mail");
    await writeFile(copy, await readFile(archivePath()));
    const fresh = await talk.world.open(talk.alice);
    const backups = backupsOf(fresh, { ...places, directory: talk.world.newPath("an empty store") });
    expect(await backups.restore(new Blob([await readFile(copy)])).result).toMatchObject({ messages: { restored: 5, expected: 5 } });
    backups.stop();
  });
});
