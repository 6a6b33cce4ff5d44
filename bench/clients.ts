import { archiveOf } from "../packages/node/test/support/archiveOf.ts";
import { type Clients, openClients } from "../packages/node/test/support/openClients.ts";
import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fileStore, nodeHost } from "@xmtp-backup/node";
import { memoryKeys } from "@xmtp-backup/testing";
import type { Client, Signer } from "@xmtp/node-sdk";
import { join } from "node:path";

/**
 * A client that holds so many short messages in 50 conversations, and where its backups go.
 *
 * Its database is not encrypted: SQLCipher makes every insert of the SDK about three times slower, for both sides alike,
 * and would hide what is measured here.
 */
export type Loaded = {
  client: Client;
  signer: Signer;
  key: Uint8Array;
  backupsOf(client: Client): ReturnType<typeof createBackups>;
  folder: string;
};

/** About the content of an ordinary short text, whose record takes 343 bytes in an archive. */
export const shortText = 60;

export async function loadClient(clients: Clients, messages: number): Promise<Loaded> {
  const signer = clients.createSigner();
  const client = await clients.open(signer, { encrypted: false });
  const key = generateArchiveKey();
  const keys = memoryKeys(key);
  const store = fileStore({ directory: join(clients.folder, crypto.randomUUID()) });
  const backupsOf = (each: Client) => createBackups({ host: nodeHost(each), store, keys });
  const conversations = Array.from({ length: 50 }, () => Array.from({ length: messages / 50 }, () => shortText));
  const backups = backupsOf(client);
  await backups.restore(await archiveOf(client.inboxId, conversations, key)).result;
  backups.stop();
  return { client, signer, key, backupsOf, folder: clients.folder };
}

export { type Clients, openClients };
