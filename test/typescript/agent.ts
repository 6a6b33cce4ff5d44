// An app on Node, as it stands in the app's own project: compiled with each TypeScript that is tested, against the built packages.
import { readArchive } from "@xmtp-backup/archive";
import { type Backups, createBackups, isBackupError } from "@xmtp-backup/core";
import { keyRing, recoveryPhrase } from "@xmtp-backup/keys";
import { startLocalNetwork } from "@xmtp-backup/local-network";
import { fileKeys, fileStore, nodeHost } from "@xmtp-backup/node";
import { createArchiveServer } from "@xmtp-backup/stores/server";
import { s3Store } from "@xmtp-backup/stores/s3";
import { hostContract, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import type { Agent } from "@xmtp/agent-sdk";
import type { Client } from "@xmtp/node-sdk";

export async function keepSafe(client: Client, agent: Agent): Promise<Backups> {
  const backups = createBackups({
    host: nodeHost(client),
    store: fileStore({ directory: "./backups" }),
    keys: fileKeys({ path: "./key" }),
    policy: { frequency: "daily" },
  });
  backups.status$.subscribe(({ health }) => console.log(health?.reason));
  try {
    const { entry } = await backups.backup({ name: "Before the update" }).result;
    const { messages } = await backups.restore(entry).result;
    console.log(
      messages.restored,
      entry.details?.conversations.map(({ id }) => id),
    );
  } catch (error) {
    if (isBackupError(error)) console.log(error.code, error.retryable);
  }
  return createBackups({ host: nodeHost(agent.client), store: memoryStore(), keys: memoryKeys() });
}

export const others = { readArchive, keyRing, recoveryPhrase, startLocalNetwork, createArchiveServer, s3Store, hostContract };
