import { browserHost, indexedDbKeys } from "@xmtp-backup/browser";
import { createBackups } from "@xmtp-backup/core";
import { generateRecoveryPhrase, keyRing, recoveryPhrase } from "@xmtp-backup/keys";
import { httpStore } from "@xmtp-backup/stores/http";
import type { Client } from "@xmtp/browser-sdk";

type Server = { url: string; token(): Promise<string> }; // where archives are kept, and who asks for them

function openBackups(client: Client, { url, token }: Server) {
  const store = httpStore({ url, credentials: async () => ({ Authorization: `Bearer ${await token()}` }) });
  const keys = keyRing({ store, cache: indexedDbKeys() });
  const policy = { frequency: "daily", keep: { last: 5 } } as const;
  return { keys, backups: createBackups({ host: browserHost(client), store, keys, policy }) };
}

/** When the user turns backups on: `show` shows 24 words, and resolves once the user has them. */
export async function turnOn(client: Client, server: Server, show: (words: string) => Promise<void>) {
  const { keys, backups } = openBackups(client, server);
  const words = generateRecoveryPhrase();
  await show(words); // before anything depends on them
  await keys.addSlot(recoveryPhrase(words));
  await backups.start();
  await backups.backup();
  return backups;
}

/** At each later start of the app: backs up every day while it is open, and at once when a day was missed. */
export async function keepOn(client: Client, server: Server) {
  const { backups } = openBackups(client, server);
  await backups.start();
  return backups;
}

/** On a new device: the words open the keys, and the newest archive of another device comes back. */
export async function restore(client: Client, server: Server, words: string) {
  const { keys, backups } = openBackups(client, server);
  await keys.open(recoveryPhrase(words));
  const archives = await backups.list();
  const newest = archives.find(({ details }) => details && details.installationId !== client.installationId);
  if (!newest) throw new Error("There is no archive of another device.");
  const { messages } = await backups.restore(newest);
  console.log(`${messages.restored} of ${messages.expected} messages are back`);
  await backups.start();
  backups.activation$.subscribe(({ active, total }) => console.log(`${active} of ${total} can be written again`));
  return messages;
}
