import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { memoryKeys } from "@xmtp-backup/testing";
import { openAsBlob } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileStore } from "../src/store/fileStore.ts";
import { nodeHost } from "../src/host/nodeHost.ts";
import { archiveOf } from "./support/archiveOf.ts";
import { type Clients, openClients } from "./support/openClients.ts";

const times = <T>(count: number, value: (index: number) => T) => Array.from({ length: count }, (_, index) => value(index));

/** What the SDK's own import of a file hangs on, or nearly; sizes of messages in bytes, one list for each conversation. */
const shapes: [name: string, conversations: number[][]][] = [
  ["one message of 10 kB", [[10_000]]],
  ["200 messages of 1.5 kB", [times(200, () => 1_500)]],
  ["5 % of 20 kB among 250 B", [times(400, (index) => (index % 20 === 0 ? 20_000 : 250))]],
  ["one message of 900 kB", [[250, 900_000, 250]]],
  ["nothing", []],
];

describe("every archive that the SDK can make", () => {
  let clients: Clients;
  beforeAll(async () => {
    clients = await openClients();
  });
  afterAll(() => clients.dispose());

  it.each(shapes)("behavior: %s is backed up and restored whole", { timeout: 120_000 }, async (_name, conversations) => {
    const messages = conversations.flat().length;
    const signer = clients.createSigner();
    const key = generateArchiveKey();
    const first = await clients.open(signer);
    const place = { store: fileStore({ directory: join(clients.folder, crypto.randomUUID()) }), keys: memoryKeys(key) };
    const before = createBackups({ host: nodeHost(first), ...place });
    const seeded = await before.restore(await archiveOf(first.inboxId, conversations, key)).result;
    expect(seeded).toMatchObject({ conversations: { restored: conversations.length }, messages: { restored: messages } });

    const rawPath = join(clients.folder, `${crypto.randomUUID()}.xmtp`);
    await first.createArchive(rawPath, key);
    const { entry } = await before.backup().result;
    expect(entry.details).toMatchObject({ counts: { conversations: conversations.length, messages } });
    expect(entry.details?.missingMessages).toBeUndefined();

    for (const source of [entry, await openAsBlob(rawPath)]) {
      const fresh = createBackups({ host: nodeHost(await clients.open(signer)), ...place });
      const restored = await fresh.restore(source).result;
      expect(restored).toMatchObject({
        conversations: { restored: conversations.length, expected: conversations.length },
        messages: { restored: messages, expected: messages },
        incompleteConversationIds: [],
      });
    }
  });

  it("behavior: 1,000 groups without messages are backed up and restored whole", { timeout: 180_000 }, async () => {
    const signer = clients.createSigner();
    const key = generateArchiveKey();
    const groups = times(1_000, () => []);
    const client = await clients.open(signer);
    const place = { store: fileStore({ directory: join(clients.folder, crypto.randomUUID()) }), keys: memoryKeys(key) };
    const backups = createBackups({ host: nodeHost(client), ...place });
    const restored = await backups.restore(await archiveOf(client.inboxId, groups, key)).result;
    expect(restored).toMatchObject({ conversations: { restored: 1_000, expected: 1_000 }, incompleteConversationIds: [] });
    expect((await backups.backup().result).entry.details?.counts).toMatchObject({ conversations: 1_000 });
  });

  it("behavior: consent alone is backed up and restored", async () => {
    const signer = clients.createSigner();
    const first = await clients.open(signer);
    const peer = await clients.open(clients.createSigner());
    await first.preferences.setConsentStates([{ entityType: 1, entity: peer.inboxId, state: 2 }]);
    const place = { store: fileStore({ directory: join(clients.folder, crypto.randomUUID()) }), keys: memoryKeys() };
    const { entry } = await createBackups({ host: nodeHost(first), ...place }).backup({ elements: ["consent"] }).result;
    const fresh = await clients.open(signer);
    await createBackups({ host: nodeHost(fresh), ...place }).restore(entry).result;
    expect(await fresh.preferences.getConsentState(1, peer.inboxId)).toBe(2);
  });
});
