// The script of a page: the real browser SDK alone, with nothing of the plugin between.
import { BackupElementSelectionOption, type Client, ConsentEntityType, ConsentState } from "@xmtp/browser-sdk";
import type { Hex } from "viem";
import { openClient } from "./openClient.ts";

const clients = new Map<string, Client>();
const key = new Uint8Array(32).fill(1);
const options = {
  elements: [BackupElementSelectionOption.Messages, BackupElementSelectionOption.Consent],
  excludeDisappearingMessages: false,
};

/** Opens a new installation with a database in memory. */
export async function open(name: string, url: string, privateKey: Hex): Promise<void> {
  clients.set(name, await openClient(url, privateKey, { dbPath: null }));
}

export function close(name: string): void {
  clientOf(name).close();
}

export async function writeTo(name: string, peerInboxId: string, text: string): Promise<string> {
  const dm = await clientOf(name).conversations.createDm(peerInboxId);
  await dm.sendText(text);
  return dm.id;
}

export async function deny(name: string, id: string): Promise<void> {
  await clientOf(name).preferences.setConsentStates([{ entityType: ConsentEntityType.GroupId, entity: id, state: ConsentState.Denied }]);
}

/** Gives another client what the first one holds, and says what kind of value the archive was. */
export async function carry(from: string, to: string): Promise<string> {
  const archive = await clientOf(from).createArchive(key, options);
  await clientOf(to).importArchive(archive, key);
  return archive.constructor.name;
}

/** The DM that the id finds, and whether it is active, allowed and found by its peer. */
export async function dmOf(name: string, id: string, peerInboxId: string) {
  const { conversations } = clientOf(name);
  const dm = await conversations.getConversationById(id);
  const byPeer = await conversations.getDmByInboxId(peerInboxId);
  return {
    id: dm?.id,
    isActive: await dm?.isActive(),
    isAllowed: (await dm?.consentState()) === ConsentState.Allowed,
    idByPeer: byPeer?.id,
  };
}

export async function offerHistory(name: string, pin: string, serverUrl: string): Promise<void> {
  await clientOf(name).sendSyncArchive(pin, options, serverUrl);
}

/** How many offers the list has, or what the SDK throws. */
export async function listOffers(name: string): Promise<number | string> {
  try {
    return (await clientOf(name).listAvailableArchives(1)).length;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Asks a client something that is closed in the meantime, and says whether the SDK answers before another client has. */
export async function answersOnceClosed(closing: string, other: string): Promise<boolean> {
  let isAnswered = false;
  const client = clientOf(closing);
  const settle = () => void (isAnswered = true);
  client.conversations.list().then(settle, settle);
  client.close();
  for (let count = 0; count < 20; count += 1) await clientOf(other).conversations.list();
  return isAnswered;
}

function clientOf(name: string): Client {
  const client = clients.get(name);
  if (!client) throw new Error(`There is no client called "${name}".`);
  return client;
}
