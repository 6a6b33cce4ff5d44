import { browserHost, indexedDbKeys, opfsStore } from "@xmtp-backup/browser";
import { type Backups, createBackups, type Host } from "@xmtp-backup/core";
import { type KeyRing, keyRing } from "@xmtp-backup/keys";
import { Client, LogLevel } from "@xmtp/browser-sdk";
import { keysOf, messagesOf, noteDatabase, useDevice } from "./device.ts";
import { readPolicy } from "./settings.ts";
import { walletSigner } from "./wallet.ts";
import { fetchWorld } from "./world.ts";

/** The client of this browser's device, and its backups. */
export type OpenDevice = { client: Client; host: Host; keys: KeyRing; backups: Backups; bobInboxId: string };

/**
 * Where archives stay when a device is lost. A folder of this browser stands for a place of the user's own, which a real app
 * takes instead: one that is not lost with the device.
 */
export const archiveFolder = "messenger-archives";

/** Opens the device, a new installation if there is none. */
export async function openDevice(): Promise<OpenDevice> {
  const { networkUrl, bobInboxId } = await fetchWorld();
  const device = useDevice();
  const options = {
    env: "local" as const,
    apiUrl: networkUrl,
    dbPath: messagesOf(device),
    disableDeviceSync: true,
    loggingLevel: LogLevel.Off,
  };
  const client = await Client.create(walletSigner(), options);
  noteDatabase(`xmtp-backup-${client.installationId}`);
  await client.conversations.syncAll();

  const host = browserHost(client);
  const store = opfsStore({ directory: archiveFolder });
  const keys = keyRing({ store, cache: indexedDbKeys({ database: keysOf(device) }) });
  const backups = createBackups({ host, store, keys, policy: readPolicy(), appVersion: "messenger 1.0" });
  return { client, host, keys, backups, bobInboxId };
}
