// The script of a page: people with the real browser SDK, who back up and restore; whoever calls it holds their private keys.
import { type Backups, createBackups, type HostEvent, isBackupError } from "@xmtp-backup/core";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import type { Client } from "@xmtp/browser-sdk";
import { type Hex, hexToBytes, toHex } from "viem";
import { firstValueFrom, filter } from "rxjs";
import { browserHost } from "../../src/host/browserHost.ts";
import { downloadStore } from "../../src/store/downloadStore.ts";
import { namesIn } from "../../src/files/namesIn.ts";
import { pickArchive } from "../../src/store/pickArchive.ts";
import { startChat } from "./chat.ts";
import { type ClientContent, contentOfClient } from "./clientContent.ts";
import { openClient } from "./openClient.ts";

type Device = { client: Client; backups: Backups };

/** One store and one key for all devices of this page. */
const [store, keys] = [memoryStore(), memoryKeys()];
const devices = new Map<string, Device>();

/** Opens a new installation with a database in memory, and says what inbox it is of. */
export async function open(name: string, url: string, privateKey: Hex): Promise<string> {
  const client = await openClient(url, privateKey, { dbPath: null });
  devices.set(name, { client, backups: createBackups({ host: browserHost(client), store, keys }) });
  return client.inboxId ?? "";
}

export const chat = (name: string, peerInboxId: string): Promise<{ groupId: string; dmId: string }> =>
  startChat(deviceOf(name).client, peerInboxId);

/** Backs up, and gives what the store keeps and the key, as hex. */
export async function backUp(name: string): Promise<{ messages: number; archive: string; key: string }> {
  const { entry } = await deviceOf(name).backups.backup({ name: "From a page" }).result;
  const archive = new Uint8Array(await (await store.get(entry.id)).arrayBuffer());
  const [key = new Uint8Array()] = await keys.load();
  return { messages: entry.details?.counts.messages ?? 0, archive: toHex(archive), key: toHex(key) };
}

/** How many temporary files there are of all installations. */
export async function temporaryFilesLeft(): Promise<number> {
  const root = await navigator.storage.getDirectory();
  let count = 0;
  for await (const folder of root.values()) {
    if (folder.kind === "directory" && folder.name.startsWith("xmtp-backup-temporary-")) count += (await namesIn(folder)).length;
  }
  return count;
}

/** Restores the newest archive of the store. */
export async function restoreNewest(name: string): Promise<{ restored: number; expected: number }> {
  const { backups } = deviceOf(name);
  const [newest] = await backups.list();
  if (!newest) throw new Error("There is no archive.");
  return (await backups.restore(newest).result).messages;
}

/** Restores an archive that comes as its bytes alone. */
export async function restoreBytes(
  name: string,
  archive: `0x${string}`,
  key: `0x${string}`,
): Promise<{ restored: number; expected: number }> {
  const source = new Blob([new Uint8Array(hexToBytes(archive))]);
  return (await deviceOf(name).backups.restore(source, { key: hexToBytes(key) }).result).messages;
}

/** Backs up with a store that hands the archive to the user. */
export async function backUpAndDownload(name: string): Promise<number> {
  const backups = createBackups({ host: browserHost(deviceOf(name).client), store: downloadStore({ app: "Messenger" }), keys });
  return (await backups.backup().result).entry.sizeBytes;
}

/** Restores the file that the user chooses. */
export async function restoreChosen(name: string): Promise<{ restored: number; expected: number }> {
  return (await deviceOf(name).backups.restore(await pickArchive()).result).messages;
}

/** What becomes of an archive that comes as its bytes alone: the code of the error. */
export async function refusalOf(name: string, archive: `0x${string}`, key: `0x${string}`): Promise<string> {
  return restoreBytes(name, archive, key).then(() => "restored", codeOf);
}

export const contentOf = (name: string): Promise<ClientContent> => contentOfClient(deviceOf(name).client);

/** Waits until so many of the restored conversations are active, and says how many there are. */
export async function untilActive(name: string, count: number): Promise<number> {
  const { total } = await firstValueFrom(deviceOf(name).backups.activation$.pipe(filter(({ active }) => active >= count)));
  return total;
}

/** Closes the client while it is asked something, and says what became of the question. */
export async function closeMeanwhile(name: string): Promise<string> {
  const { client } = deviceOf(name);
  const asking = browserHost(client)
    .syncAll()
    .then(() => "synced", codeOf);
  client.close();
  return asking;
}

export const canWrite = (name: string, conversationId: string): boolean => deviceOf(name).backups.canWrite(conversationId);

/** Writes through the guard that refuses what is not active yet. */
export async function write(name: string, conversationId: string, text: string): Promise<string> {
  const { client, backups } = deviceOf(name);
  const conversation = await client.conversations.getConversationById(conversationId);
  if (!conversation) throw new Error("There is no such conversation.");
  return backups
    .guardWrites(conversation)
    .sendText(text)
    .then(() => "sent", codeOf);
}

export function close(name: string): void {
  deviceOf(name).backups.stop();
  deviceOf(name).client.close();
}

/** Follows the client's streams; `heard` says what they told. */
export function watch(name: string): void {
  const host = browserHost(deviceOf(name).client);
  // Two that watch share the streams, of which a page can hold no more.
  for (const events of [[], []] as HostEvent[][]) {
    heardBy.push(events);
    host.watch((event) => events.push(event));
  }
}

export const heard = (): HostEvent[][] => heardBy;

const heardBy: HostEvent[][] = [];

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));

function deviceOf(name: string): Device {
  const device = devices.get(name);
  if (!device) throw new Error(`No device is called ${name}.`);
  return device;
}
