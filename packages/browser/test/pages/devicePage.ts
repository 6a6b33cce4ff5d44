// The script of a page: a device of a person's on which everything is real and lasts: the SDK's database, store, keys, journal and lock.
import {
  type Backups,
  type BackupStage,
  type BackupTask,
  type ClosingAdvice,
  createBackups,
  generateArchiveKey,
  type Host,
  type InterruptedTask,
  isBackupError,
  type Restored,
  type RestoreStage,
  type RestoreTask,
} from "@xmtp-backup/core";
import { type Client, Opfs } from "@xmtp/browser-sdk";
import { archiveOf } from "../../../node/test/support/archiveOf.ts";
import { filter, firstValueFrom } from "rxjs";
import { type Hex, hexToBytes, toHex } from "viem";
import { browserDevice } from "../../src/device/browserDevice.ts";
import { browserHost } from "../../src/host/browserHost.ts";
import { indexedDbKeys } from "../../src/keys/indexedDbKeys.ts";
import { opfsStore } from "../../src/store/opfsStore.ts";
import { startChat } from "./chat.ts";
import { type ClientContent, contentOfClient } from "./clientContent.ts";
import { holdSecond } from "./holdSecond.ts";
import { openClient } from "./openClient.ts";

export type Listed = { id: string; name: string | undefined; messages: number | undefined };

/** A moment of a task that the newest archive is made or restored by; `halfway` is when a part of the stage's work is done. */
export type Moment =
  | { task: "backup"; stage: BackupStage; when: "entered" | "halfway" }
  | { task: "restore"; stage: RestoreStage; when: "entered" | "halfway" };

/** An archive and its key, as hex. */
export type CarriedArchive = { archive: Hex; key: Hex };

let client: Client;
let host: Host;
let backups: Backups;

/** Opens the database that this origin has, or a new installation, and says which installation it is. */
export async function open(url: string, privateKey: Hex, dbPath?: string): Promise<string> {
  client = await openClient(url, privateKey, dbPath === undefined ? {} : { dbPath });
  host = browserHost(client);
  backups = createBackups({ host, store: opfsStore(), keys: indexedDbKeys() });
  return client.installationId ?? "";
}

export const start = async (): Promise<InterruptedTask | null> => (await backups.start()) ?? null;

export const chat = (peerInboxId: string): Promise<{ groupId: string; dmId: string }> => startChat(client, peerInboxId);

export const content = (): Promise<ClientContent> => contentOfClient(client);

/** How many messages the client holds, each counted once. */
export async function countMessages(): Promise<number> {
  return new Set((await content()).flatMap(({ messageIds }) => messageIds)).size;
}

/** Backs up and gives the archive's id, or the code of the error. */
export async function backUp(name: string): Promise<string> {
  return backups.backup({ name }).result.then(({ entry }) => entry.id, codeOf);
}

export async function list(): Promise<Listed[]> {
  return (await backups.list()).map(({ id, details }) => ({ id, name: details?.name, messages: details?.counts.messages }));
}

/** How many messages the whole archive holds. */
export async function inspect(id: string): Promise<number> {
  return (await backups.inspect(await entryOf(id))).counts.messages;
}

/** Restores an archive, and says after which numbers of messages it had come to the end of a chunk. */
export async function restore(id: string): Promise<{ messages: Restored; steps: number[] }> {
  const task = backups.restore(await entryOf(id));
  const steps: number[] = [];
  task.subscribe(() => {
    const state = task.getState();
    if (state.status === "running" && state.stage === "importing" && state.progress.kind === "determinate") steps.push(state.progress.done);
  });
  const { messages } = await task.result;
  return { messages, steps };
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
  return backups
    .guardWrites(conversation)
    .sendText(text)
    .then(() => "sent", codeOf);
}

/** Brings so many messages of that size into two groups. */
export async function fill(messages: number, bytes: number): Promise<void> {
  const key = generateArchiveKey();
  const sizes = Array.from({ length: messages / 2 }, () => bytes);
  await backups.restore(await archiveOf(client.inboxId ?? "", [sizes, sizes], key), { key }).result;
}

/** Runs a task and stops the page with a dialog that gives the advice on closing: nothing goes on in it from that very moment. */
export async function stopAt(moment: Moment): Promise<void> {
  await reach(moment, () => alert(JSON.stringify(backups.closingAdvice())));
}

/** Runs a task that gets no further than that moment, since the browser or the SDK does not answer, and gives the advice on closing. */
export async function holdAt(moment: Moment): Promise<ClosingAdvice> {
  if (moment.task === "backup")
    holdSecond(FileSystemWritableFileStream.prototype, "write", { stage: moment.stage, current: () => backups.current() });
  else holdSecond(client, "importArchive", { stage: moment.stage, current: () => backups.current() });
  await new Promise<void>((resolve, reject) => {
    reach(moment, resolve).catch(reject);
  });
  // What the journal was told before is there once it answers.
  await host.journal.read("import");
  return backups.closingAdvice();
}

async function reach({ task: kind, stage, when }: Moment, onReached: () => void): Promise<void> {
  const [newest] = await backups.list();
  const task: BackupTask | RestoreTask = kind === "backup" || !newest ? backups.backup() : backups.restore(newest);
  task.subscribe(() => {
    const state = task.getState();
    if (state.status !== "running" || state.stage !== stage) return;
    const { progress } = state;
    if (when === "entered" || (progress.kind === "determinate" && progress.done > 0 && progress.done < progress.total)) onReached();
  });
  await task.result;
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
  const names: string[] = [];
  for await (const name of (await storeFolder()).keys()) names.push(name);
  return names.sort();
}

/** What becomes of a restore, of a stored archive or of one that comes as its bytes and key: the code of the error, and whether the SDK saw anything of it. */
export async function refusalOf(source: string | CarriedArchive): Promise<{ code: string; importCalls: number }> {
  const { importArchive } = client;
  let importCalls = 0;
  client.importArchive = (...args) => {
    importCalls += 1;
    return importArchive.apply(client, args);
  };
  const code = await restoreFrom(source).then(() => "restored", codeOf);
  client.importArchive = importArchive;
  return { code, importCalls };
}

/** What a user takes to another device. */
export async function carry(id: string): Promise<CarriedArchive> {
  const [key = new Uint8Array()] = await indexedDbKeys().load();
  return { archive: toHex(await bytesOf(id)), key: toHex(key) };
}

/** Changes what the store holds of an archive: one bit of its middle, or it ends there. */
export async function damage(id: string, how: "a bit flipped" | "cut off"): Promise<void> {
  const bytes = await bytesOf(id);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  const file = await (await (await storeFolder()).getFileHandle(`${id}.xmtp`)).createWritable();
  await file.write(how === "cut off" ? bytes.subarray(0, middle) : bytes);
  await file.close();
}

/** Forgets the archive keys, and has another one. */
export async function replaceKeys(): Promise<void> {
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase("xmtp-backup-keys");
    request.onsuccess = resolve;
    request.onerror = reject;
  });
  await indexedDbKeys().add(generateArchiveKey());
}

export const failureCode = async (): Promise<string | undefined> => (await firstValueFrom(backups.status$)).lastFailure?.code;

/** The code of the error, if the network is away. */
export const syncAll = (): Promise<string> => host.syncAll().then(() => "synced", codeOf);

export const isOnline = async (): Promise<boolean | undefined> => (await browserDevice().conditions()).online;

async function restoreFrom(source: string | CarriedArchive): Promise<unknown> {
  if (typeof source === "string") return backups.restore(await entryOf(source)).result;
  return backups.restore(new Blob([new Uint8Array(hexToBytes(source.archive))]), { key: hexToBytes(source.key) }).result;
}

async function bytesOf(id: string): Promise<Uint8Array<ArrayBuffer>> {
  const file = await (await (await storeFolder()).getFileHandle(`${id}.xmtp`)).getFile();
  return new Uint8Array(await file.arrayBuffer());
}

async function storeFolder(): Promise<FileSystemDirectoryHandle> {
  return (await navigator.storage.getDirectory()).getDirectoryHandle("xmtp-backup", { create: true });
}

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));

async function entryOf(id: string) {
  const entry = (await backups.list()).find((each) => each.id === id);
  if (!entry) throw new Error("There is no such archive.");
  return entry;
}
