// The script of a page: a device of a person's on which everything is real and lasts: the SDK's database, store, keys, journal and lock.
import { type Backups, createBackups, type InterruptedTask, isBackupError } from "@xmtp-backup/core";
import { type Client, Opfs } from "@xmtp/browser-sdk";
import { filter, firstValueFrom } from "rxjs";
import type { Hex } from "viem";
import { browserHost } from "../../src/browserHost.ts";
import { indexedDbKeys } from "../../src/indexedDbKeys.ts";
import { opfsStore } from "../../src/opfsStore.ts";
import { startChat } from "./chat.ts";
import { type ClientContent, contentOfClient } from "./clientContent.ts";
import { openClient } from "./openClient.ts";

export type Listed = { id: string; name: string | undefined; messages: number | undefined };

let client: Client;
let backups: Backups;

/** Opens the database that this origin has, or a new installation, and says which installation it is. */
export async function open(url: string, privateKey: Hex, dbPath?: string): Promise<string> {
  client = await openClient(url, privateKey, dbPath === undefined ? {} : { dbPath });
  backups = createBackups({ host: browserHost(client), store: opfsStore(), keys: indexedDbKeys() });
  return client.installationId ?? "";
}

export const start = async (): Promise<InterruptedTask | null> => (await backups.start()) ?? null;

export const chat = (peerInboxId: string): Promise<{ groupId: string; dmId: string }> => startChat(client, peerInboxId);

export const content = (): Promise<ClientContent> => contentOfClient(client);

export async function backUp(name: string): Promise<string> {
  return (await backups.backup({ name }).result).entry.id;
}

export async function list(): Promise<Listed[]> {
  return (await backups.list()).map(({ id, details }) => ({ id, name: details?.name, messages: details?.counts.messages }));
}

/** How many messages the whole archive holds. */
export async function inspect(id: string): Promise<number> {
  return (await backups.inspect(await entryOf(id))).counts.messages;
}

export async function restore(id: string): Promise<{ restored: number; expected: number }> {
  return (await backups.restore(await entryOf(id)).result).messages;
}

/** Waits until so many of the restored conversations are active, and says how many there are. */
export async function untilActive(count: number): Promise<number> {
  const { total } = await firstValueFrom(backups.activation$.pipe(filter(({ active }) => active >= count)));
  return total;
}

/** Writes through the guard that refuses what is not active yet. */
export async function write(conversationId: string, text: string): Promise<string> {
  const conversation = await client.conversations.getConversationById(conversationId);
  if (!conversation) throw new Error("There is no such conversation.");
  return backups.guardWrites(conversation).sendText(text).then(() => "sent", codeOf);
}

/** Loses the SDK's database, as when a device is lost; what the plugin keeps elsewhere stays. */
export async function loseDatabase(): Promise<void> {
  backups.stop();
  client.close();
  const opfs = await Opfs.create();
  await opfs.clearAll();
  opfs.close();
}

/** The files of the store, by their names. */
export async function storedFiles(): Promise<string[]> {
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("xmtp-backup", { create: true });
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names.sort();
}

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));

async function entryOf(id: string) {
  const entry = (await backups.list()).find((each) => each.id === id);
  if (!entry) throw new Error("There is no such archive.");
  return entry;
}
