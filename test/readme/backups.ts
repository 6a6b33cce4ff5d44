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

/** The first device: backs up now, and every day from now on. Gives 24 words, to be shown once. */
export async function backUp(client: Client, server: Server) {
  const { keys, backups } = openBackups(client, server);
  const words = generateRecoveryPhrase();
  await keys.addSlot(recoveryPhrase(words));
  await backups.start();
  await backups.backup();
  return words;
}

/** A new device: the words open the keys, and the newest archive comes back. */
export async function restore(client: Client, server: Server, words: string) {
  const { keys, backups } = openBackups(client, server);
  await keys.open(recoveryPhrase(words));
  await backups.start();
  const [newest] = await backups.list();
  if (!newest) throw new Error("There is no archive yet.");
  const { messages } = await backups.restore(newest);
  backups.activation$.subscribe(({ active, total }) => console.log(`${active} of ${total} can be written again`));
  return `${messages.restored} of ${messages.expected} messages are back`;
}
