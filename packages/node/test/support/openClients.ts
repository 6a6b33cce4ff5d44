import { type LocalNetwork, startLocalNetwork } from "@xmtp-backup/local-network";
import { Client, LogLevel, type Signer } from "@xmtp/node-sdk";
import { join } from "node:path";
import { temporaryFolder } from "../temporaryFolder.ts";
import { closeClient } from "./closeClient.ts";
import { createSigner } from "./createSigner.ts";

export type Clients = {
  network: LocalNetwork;
  folder: string;
  /** A wallet of its own for each call. */
  createSigner(): Signer;
  /** A new installation with a database of its own, encrypted unless said otherwise. */
  open(signer: Signer, options?: { encrypted?: boolean }): Promise<Client>;
  /** Closes every client and the network, and deletes the databases. */
  dispose(): Promise<void>;
};

/** A network and a folder of databases for one test file. */
export async function openClients(parent?: string): Promise<Clients> {
  const { path: folder, dispose } = await temporaryFolder(parent);
  const network = await startLocalNetwork();
  const opened: Client[] = [];
  return {
    network,
    folder,
    createSigner,
    async open(signer, { encrypted = true } = {}) {
      const client = await Client.create(signer, {
        env: "local",
        apiUrl: network.url,
        dbPath: join(folder, `${crypto.randomUUID()}.db3`),
        ...(encrypted && { dbEncryptionKey: crypto.getRandomValues(new Uint8Array(32)) }),
        disableDeviceSync: true,
        loggingLevel: LogLevel.Off,
      });
      opened.push(client);
      return client;
    },
    async dispose() {
      for (const client of opened) await closeClient(client).catch(() => undefined);
      await network.close();
      await dispose();
    },
  };
}
