// The script of a page: devices with the real browser SDK, on which a test plays what happens before, during and after restores.
import { readArchive } from "@xmtp-backup/archive";
import {
  type ArchivePreview,
  type Backups,
  createBackups,
  type HostConversation,
  type Imported,
  isBackupError,
  type RestoreOptions,
  type RestoreResult,
  systemClock,
  type TrackedConversation,
} from "@xmtp-backup/core";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { type Client, ConsentEntityType, ConsentState, DeliveryStatus, type Dm, Group } from "@xmtp/browser-sdk";
import type { Hex } from "viem";
import { browserHost } from "../../src/host/browserHost.ts";
import { openClient } from "./openClient.ts";

type Device = { client: Client; backups: Backups; heard: Imported[] };
type Consent = keyof typeof states;

/** A conversation as an app shows it. */
export type Seen = { texts: string[]; consent: Consent | undefined; isActive: boolean };

const states = { allowed: ConsentState.Allowed, unknown: ConsentState.Unknown, denied: ConsentState.Denied };
const statuses = { published: DeliveryStatus.Published, unpublished: DeliveryStatus.Unpublished, failed: DeliveryStatus.Failed };
const consentStates = Object.values(states);

/** One store and one key for all devices of this page. */
const [store, keys] = [memoryStore(), memoryKeys()];
const devices = new Map<string, Device>();

/** Opens a new installation with a database in memory, and says what inbox it is of. */
export async function open(name: string, url: string, privateKey: Hex, aheadMs = 0): Promise<string> {
  const client = await openClient(url, privateKey, { dbPath: null });
  const clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const backups = createBackups({ host: browserHost(client), store, keys, clock });
  const heard: Imported[] = [];
  backups.imported$.subscribe((imported) => heard.push(imported));
  devices.set(name, { client, backups, heard });
  return client.inboxId ?? "";
}

export function close(name: string): void {
  deviceOf(name).backups.stop();
  deviceOf(name).client.close();
}

export async function createGroup(name: string, people: string[], groupName: string): Promise<string> {
  return (await deviceOf(name).client.conversations.createGroup(people, { groupName })).id;
}

export async function createDm(name: string, peerInboxId: string): Promise<string> {
  return (await deviceOf(name).client.conversations.createDm(peerInboxId)).id;
}

/** Sends a text, or only prepares it, and says what message it is; nothing of one that nobody took. */
export async function send(name: string, id: string, text: string, isOptimistic = false): Promise<string | undefined> {
  // Version 7.0.0 takes a boolean there, and any object for true.
  return (await find(name, id)).sendText(text, isOptimistic ? { optimistic: true } : undefined).catch(() => undefined);
}

/** Sends what the SDK sends when somebody deletes a message for everyone. */
export async function deleteForEveryone(name: string, id: string, messageId: string): Promise<void> {
  const bytes = new TextEncoder().encode(messageId);
  const type = { authorityId: "xmtp.org", typeId: "deleteMessage", versionMajor: 1, versionMinor: 0 };
  await (await find(name, id)).send(
    { type, parameters: {}, content: Uint8Array.from([0x0a, bytes.length, ...bytes]) },
    { shouldPush: false },
  );
}

export async function disappearAfter(name: string, id: string, ms: number): Promise<void> {
  await (await find(name, id)).updateMessageDisappearingSettings(BigInt(Date.now()) * 1_000_000n, BigInt(ms) * 1_000_000n);
}

export async function leave(name: string, id: string): Promise<void> {
  const group = await find(name, id);
  if (group instanceof Group) await group.requestRemoval();
}

/** Decides about a conversation of that very id: of DMs with one person the SDK would take the latest. */
export async function decide(name: string, id: string, consent: Consent): Promise<void> {
  await deviceOf(name).client.preferences.setConsentStates([{ entityType: ConsentEntityType.GroupId, entity: id, state: states[consent] }]);
}

export async function decidePerson(name: string, inboxId: string, consent: Consent): Promise<void> {
  await deviceOf(name).client.preferences.setConsentStates([
    { entityType: ConsentEntityType.InboxId, entity: inboxId, state: states[consent] },
  ]);
}

export async function syncAll(name: string): Promise<void> {
  await deviceOf(name).client.conversations.syncAll(consentStates);
}

/** Backs up, and says what archive that made. */
export async function backUp(name: string): Promise<string> {
  return (await deviceOf(name).backups.backup().result).entry.id;
}

const bookkeeping = new Set(["exportedAtNs", "installationsLastCheckedNs", "rotatedAtNs", "lastMessageNs"]);

/** Makes an archive from the last one and another of everything, and answers with what each holds, in an order of its own. */
export async function backUpTwice(name: string): Promise<{ isUpdate: boolean; updated: string[]; fresh: string[] }> {
  const { backups } = deviceOf(name);
  const [{ entry: updated }, { entry: fresh }] = [await backups.backup().result, await backups.backup({ fresh: true }).result];
  return { isUpdate: updated.details?.updatedFrom !== undefined, updated: await recordsOf(updated.id), fresh: await recordsOf(fresh.id) };
}

async function recordsOf(id: string): Promise<string[]> {
  const [key = new Uint8Array()] = await keys.load();
  const records: string[] = [];
  for await (const record of readArchive(await store.get(id), key)) records.push(JSON.stringify(record, plain));
  return records.sort();
}

function plain(name: string, value: unknown): unknown {
  if (bookkeeping.has(name)) return undefined;
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Uint8Array) return [...value].join();
  return name === "attributes" ? Object.entries(value as object).sort() : value;
}

export async function rename(name: string, id: string, groupName: string): Promise<void> {
  const group = await find(name, id);
  if (group instanceof Group) await group.updateName(groupName);
}

export async function inspect(name: string, entryId: string): Promise<ArchivePreview> {
  return deviceOf(name).backups.inspect(await entryOf(name, entryId));
}

export async function restore(name: string, entryId: string, options: Pick<RestoreOptions, "unsent"> = {}): Promise<RestoreResult> {
  return deviceOf(name).backups.restore(await entryOf(name, entryId), options).result;
}

/** What the host makes of conversations. */
export const listed = (name: string, options: { ids?: string[]; peerInboxIds?: string[] } = {}): Promise<HostConversation[]> =>
  browserHost(deviceOf(name).client).listConversations(options);
/** The id under which the SDK lists a DM. */
export const listedIdOf = (name: string, id: string): Promise<string> => browserHost(deviceOf(name).client).listedIdOf(id);
export const heard = (name: string): Imported[] => deviceOf(name).heard;
export const followed = (name: string, id: string): TrackedConversation | undefined => deviceOf(name).backups.conversation(id).getState();
export const stitch = (name: string, ids: string[]): string[] => deviceOf(name).backups.recreateDms(ids);
export const canWrite = (name: string, id: string): boolean => deviceOf(name).backups.canWrite(id);

/** Writes through the guard, by the handle that the SDK gives for an id. */
export async function write(name: string, id: string, text: string): Promise<string> {
  return deviceOf(name)
    .backups.guardWrites(await find(name, id))
    .sendText(text)
    .then(() => "sent", codeOf);
}

/** The conversations that a list shows, stitched DMs as one, by their ids. */
export async function seen(name: string): Promise<Record<string, Seen>> {
  const listed = await deviceOf(name).client.conversations.list({ consentStates });
  const all = await Promise.all(
    listed.map(
      async (each) =>
        [
          each.id,
          { texts: await textsOf(each), consent: wordFor(states, await each.consentState()), isActive: await each.isActive() },
        ] as const,
    ),
  );
  return Object.fromEntries(all);
}

/** The decision about a conversation of that very id, and about a person. */
export async function consentOf(name: string, kind: "conversation" | "person", entity: string): Promise<Consent | undefined> {
  const entityType = kind === "person" ? ConsentEntityType.InboxId : ConsentEntityType.GroupId;
  return wordFor(states, await deviceOf(name).client.preferences.getConsentState(entityType, entity));
}

/** How the SDK marks each text of a conversation. */
export async function deliveryOf(name: string, id: string): Promise<Record<string, string | undefined>> {
  const messages = await (await find(name, id)).messages();
  return Object.fromEntries(
    messages.flatMap(({ content, deliveryStatus }) => (typeof content === "string" ? [[content, wordFor(statuses, deliveryStatus)]] : [])),
  );
}

/** Who made a conversation, who leads it and since when it is, as the SDK says. */
export async function valuesOf(name: string, id: string) {
  const conversation = await find(name, id);
  const superAdminInboxIds = conversation instanceof Group ? await conversation.listSuperAdmins() : [];
  return { creatorInboxId: conversation.metadata?.creatorInboxId, superAdminInboxIds, createdAtNs: conversation.createdAtNs };
}

async function textsOf(conversation: Group<unknown> | Dm<unknown>): Promise<string[]> {
  return (await conversation.messages()).flatMap(({ content }) => (typeof content === "string" ? [content] : []));
}

async function find(name: string, id: string): Promise<Group<unknown> | Dm<unknown>> {
  const conversation = await deviceOf(name).client.conversations.getConversationById(id);
  if (!conversation) throw new Error(`There is no conversation ${id}.`);
  return conversation;
}

async function entryOf(name: string, id: string) {
  const entry = (await deviceOf(name).backups.list()).find((each) => each.id === id);
  if (!entry) throw new Error(`There is no archive ${id}.`);
  return entry;
}

function wordFor<Word extends string>(words: Record<Word, unknown>, value: unknown): Word | undefined {
  return (Object.keys(words) as Word[]).find((word) => words[word] === value);
}

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));

function deviceOf(name: string): Device {
  const device = devices.get(name);
  if (!device) throw new Error(`No device is called ${name}.`);
  return device;
}
