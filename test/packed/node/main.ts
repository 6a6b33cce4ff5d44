// An app on Node, of packed packages: it backs up, restores on a new device, and uses its own RxJS and XState on what it is given.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupMachine, createBackups } from "@xmtp-backup/core";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { fileKeys, fileStore, nodeHost } from "@xmtp-backup/node";
import { Client, IdentifierKind, LogLevel, type Signer } from "@xmtp/node-sdk";
import { firstValueFrom, map, Observable } from "rxjs";
import { hexToBytes } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createActor } from "xstate";

const folder = await mkdtemp(join(tmpdir(), "xmtp-backup-app-"));
const network = await startLocalNetwork();
const account = privateKeyToAccount(generatePrivateKey());
const signer: Signer = {
  type: "EOA",
  getIdentifier: () => ({ identifier: account.address.toLowerCase(), identifierKind: IdentifierKind.Ethereum }),
  signMessage: async (message) => hexToBytes(await account.signMessage({ message })),
};

function openOn(device: string): Promise<Client> {
  const dbEncryptionKey = crypto.getRandomValues(new Uint8Array(32));
  return Client.create(signer, {
    env: "local",
    apiUrl: network.url,
    dbPath: join(folder, `${device}.db3`),
    dbEncryptionKey,
    disableDeviceSync: true,
    loggingLevel: LogLevel.Off,
  });
}

function backupsOf(client: Client) {
  const store = fileStore({ directory: join(folder, "archives") });
  return createBackups({ host: nodeHost(client), store, keys: fileKeys({ path: join(folder, "archive-key") }) });
}

const old = await openOn("old");
const group = await old.conversations.createGroup([], { groupName: "Notes" });
await group.sendText("To me alone");
const backups = backupsOf(old);
const { entry } = await backups.backup().result;
assert.equal(entry.details?.counts.messages, 1);

assert.ok(backups.status$ instanceof Observable, "the app has another copy of RxJS");
const lastSuccess = await firstValueFrom(backups.status$.pipe(map((status) => status.lastSuccess)));
assert.equal(lastSuccess?.archiveId, entry.id);
assert.deepEqual(createActor(backupMachine, { input: { archiveId: entry.id } }).getSnapshot().value, { making: "preparing" });

const renewed = await openOn("new");
const restored = await backupsOf(renewed).restore(entry).result;
assert.equal(restored.messages.restored, 1);

await network.close();
console.log(JSON.stringify({ backedUp: 1, restored: 1 }));
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
process.exit();
