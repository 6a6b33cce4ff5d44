import { browserHost, guardPage, indexedDbKeys, opfsStore, persistStorage } from "@xmtp-backup/browser";
import { type Backups, createBackups, type InterruptedTask } from "@xmtp-backup/core";
import { Client, LogLevel } from "@xmtp/browser-sdk";
import { type Chat, createChat } from "./chat.ts";
import { keysOf, messagesOf, noteDatabase, useDevice } from "./device.ts";
import { createRecovery, type Recovery } from "./recovery.ts";
import { createSettings, readPolicy, type Settings } from "./settings.ts";
import { walletSigner } from "./wallet.ts";
import { fetchWorld } from "./world.ts";

/** What the app works with while the user is signed in. */
export type OpenSession = {
  readonly backups: Backups;
  readonly chat: Chat;
  readonly settings: Settings;
  readonly recovery: Recovery;
  /** What an earlier page left unfinished, if anything. */
  readonly interrupted: InterruptedTask | undefined;
  /** This device has no conversations, and there are archives to restore them from. */
  readonly offerRestore: boolean;
};

/**
 * Where archives stay when a device is lost. A folder of this browser stands for a place of the user's own, which a real app
 * takes instead: one that is not lost with the device.
 */
export const archiveFolder = "messenger-archives";

/** Opens the client of this device, and the backups of it; `close` leaves everything that was written. */
export async function openSession(): Promise<{ session: OpenSession; close(): void }> {
  const world = await fetchWorld();
  const device = useDevice();
  const options = { env: "local" as const, apiUrl: world.networkUrl, dbPath: messagesOf(device), disableDeviceSync: true, loggingLevel: LogLevel.Off };
  const client = await Client.create(walletSigner(), options);
  noteDatabase(`xmtp-backup-${client.installationId}`);
  await client.conversations.syncAll();

  const host = browserHost(client);
  const keys = indexedDbKeys({ database: keysOf(device) });
  const backups = createBackups({ host, store: opfsStore({ directory: archiveFolder }), keys, policy: readPolicy(), appVersion: "messenger 1.0" });
  const interrupted = await backups.start();
  const endGuard = guardPage(backups);
  void persistStorage();

  const [archives, conversations] = await Promise.all([backups.list(), client.conversations.list()]);
  return {
    session: {
      backups,
      chat: createChat(client, host, backups, world.bobInboxId),
      settings: createSettings(backups),
      recovery: createRecovery(backups, keys),
      interrupted,
      offerRestore: archives.length > 0 && conversations.length === 0,
    },
    close() {
      endGuard();
      backups.stop();
      client.close();
    },
  };
}
