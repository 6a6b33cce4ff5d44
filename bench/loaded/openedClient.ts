import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type ArchiveEntry, type BackupOptions, type BackupTask, createBackups, type Host } from "@xmtp-backup/core";
import { fileStore, nodeHost } from "@xmtp-backup/node";
import { memoryKeys } from "@xmtp-backup/testing";
import type { Client } from "@xmtp/node-sdk";
import { closeClient } from "../../packages/node/test/support/closeClient.ts";
import { removeDatabase } from "./database.ts";

/** An open client of its own, and the plugin over it with a store of its own. */
export type OpenedClient = {
  client: Client;
  /** For archives and other files; it goes with the client. */
  folder: string;
  key: Uint8Array;
  backUp(options?: BackupOptions): Promise<ArchiveEntry>;
  /** A backup that goes on beside other things. */
  startBackup(options?: BackupOptions): Pick<BackupTask, "result" | "cancel">;
  restore(archive: Blob): Promise<void>;
  /** Closes the client and keeps its database. */
  close(): Promise<void>;
  dispose(): Promise<void>;
};

/**
 * @param path - of the client's database
 * @param around - puts something between the plugin and the client
 */
export function openedClient(client: Client, path: string, key: Uint8Array, around: (host: Host) => Host = (host) => host): OpenedClient {
  const folder = `${path}.files`;
  mkdirSync(folder);
  const host = around(nodeHost(client));
  const store = fileStore({ directory: join(folder, "archives") });
  // Each piece of work has backups of its own, so that nothing goes on behind it, such as looks at what was restored.
  const backups = () => createBackups({ host, store, keys: memoryKeys(key) });
  return {
    client,
    folder,
    key,
    async backUp(options) {
      const work = backups();
      const { entry } = await work.backup(options).result;
      work.stop();
      return entry;
    },
    startBackup(options) {
      const work = backups();
      const { result, cancel } = work.backup(options);
      result.then(work.stop, work.stop);
      return { result, cancel };
    },
    async restore(archive) {
      const work = backups();
      await work.restore(archive).result;
      work.stop();
    },
    close: () => closeClient(client),
    async dispose() {
      await closeClient(client);
      await removeDatabase(path);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
