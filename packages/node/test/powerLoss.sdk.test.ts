import { BackupError, createBackups } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileKeys } from "../src/keys/fileKeys.ts";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { archiveOf } from "./support/archiveOf.ts";
import type { Places } from "./support/backupsOf.ts";
import { closeClient } from "./support/closeClient.ts";
import { messagesIn } from "./support/contentOf.ts";
import { copyDevice, deleteDevice } from "./support/copyDevice.ts";
import { startTalk, type Talk } from "./support/talk.ts";

const messages = 1_500;
const key = new Uint8Array(32).fill(9);
const everything = { messages: { restored: messages, expected: messages }, incompleteConversationIds: [] };

/** A database that loses its last commits with power keeps none of what the plugin's own notes, which are synced, tell of it. */
describe("a restore whose device loses power", () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await startTalk();
  });
  afterAll(() => talk.world.dispose());

  /** The backups over a client, how many chunks they import, and at which of them the device stops. */
  function restoring(client: Client, { directory, keyPath }: Places, stopAt = Infinity) {
    const host = nodeHost(client);
    const imports = { count: 0 };
    const importArchive: typeof host.importArchive = async (...args) => {
      imports.count += 1;
      if (imports.count === stopAt) throw new BackupError("IMPORT_FAILED", "The power is out.");
      return host.importArchive(...args);
    };
    return {
      imports,
      backups: createBackups({ host: { ...host, importArchive }, store: fileStore({ directory }), keys: fileKeys({ path: keyPath }) }),
    };
  }

  /** A phone on which the first of two chunks is in and noted, closed, and its database as it was before. */
  async function halfRestored() {
    const [dbPath, before, places] = [talk.world.newPath("client.db3"), talk.world.newPath("before.db3"), talk.newPlaces()];
    const archive = await archiveOf(talk.phone.inboxId, [Array.from({ length: messages }, () => 100)], key);
    await closeClient(await talk.world.open(talk.alice, { dbPath }));
    await copyDevice(dbPath, before);
    const phone = await talk.world.open(talk.alice, { dbPath });
    const { backups, imports } = restoring(phone, places, 2);
    await expect(backups.restore(archive, { key }).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    backups.stop();
    expect(imports.count).toBe(2);
    expect(await messagesIn(phone)).toBe(1_000);
    await closeClient(phone);
    return { dbPath, before, places, archive };
  }

  it("behavior: begins again where the database lost what the note claims", async () => {
    const { dbPath, before, places, archive } = await halfRestored();
    await deleteDevice(dbPath);
    await copyDevice(before, dbPath);
    const phone = await talk.world.open(talk.alice, { dbPath });
    expect(await messagesIn(phone)).toBe(0);
    const { backups, imports } = restoring(phone, places);
    expect(await backups.restore(archive, { key }).result).toMatchObject(everything);
    expect(imports.count).toBe(2);
    backups.stop();
  });

  it("default: goes on where the database kept it", async () => {
    const { dbPath, places, archive } = await halfRestored();
    const phone = await talk.world.open(talk.alice, { dbPath });
    const { backups, imports } = restoring(phone, places);
    expect(await backups.restore(archive, { key }).result).toMatchObject(everything);
    expect(imports.count).toBe(1);
    backups.stop();
  });
});
