import { cp, rm } from "node:fs/promises";
import { LogLevel, Client, type Signer } from "@xmtp/node-sdk";
import type { BenchNetwork } from "./startNetworkThread.ts";

/** A client's files: its database, what lies beside it, and the plugin's notes. */
const parts = ["", "-wal", "-shm", ".sqlcipher_salt", ".backup"];

/** Copies the files of a closed client. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  for (const part of parts) {
    await cp(`${from}${part}`, `${to}${part}`, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
}

export async function removeDatabase(path: string): Promise<void> {
  for (const part of parts) await rm(`${path}${part}`, { recursive: true, force: true });
}

/** Opens the installation of a database, or makes one where there is none. */
export function openDatabase(network: BenchNetwork, signer: Signer, path: string, encryptionKey?: Uint8Array): Promise<Client> {
  return Client.create(signer, {
    env: "local",
    apiUrl: network.url,
    dbPath: path,
    ...(encryptionKey && { dbEncryptionKey: encryptionKey }),
    disableDeviceSync: true,
    loggingLevel: LogLevel.Off,
  });
}
