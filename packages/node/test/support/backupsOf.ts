import { join } from "node:path";
import { type Backups, type BackupsOptions, createBackups } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { fileKeys } from "../../src/keys/fileKeys.ts";
import { fileStore } from "../../src/store/fileStore.ts";
import { nodeHost } from "../../src/host/nodeHost.ts";

/** Where a user's archives and archive key outlive a device. */
export type Places = { directory: string; keyPath: string };

export function placesIn(folder: string): Places {
  return { directory: join(folder, "archives"), keyPath: join(folder, "keys", "archive-keys") };
}

export function backupsOf(client: Client, { directory, keyPath }: Places, options: Partial<BackupsOptions> = {}): Backups {
  return createBackups({ host: nodeHost(client), store: fileStore({ directory }), keys: fileKeys({ path: keyPath }), ...options });
}
