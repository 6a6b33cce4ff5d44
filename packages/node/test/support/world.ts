import { join } from "node:path";
import { type LocalNetwork, startLocalNetwork } from "@xmtp-backup/local-network";
import type { Client } from "@xmtp/node-sdk";
import { temporaryFolder } from "../temporaryFolder.ts";
import { closeClient } from "./closeClient.ts";
import { createPerson, type Device, type Person } from "./person.ts";

/** A network of its own with a folder for everything that its people keep on disk. */
export type World = {
  network: LocalNetwork;
  folder: string;
  newPerson(): Person;
  /** Opens a client that is closed with the world; in a file of its own unless the device says otherwise. */
  open(person: Person, device?: Partial<Device>): Promise<Client>;
  /** A path that nothing uses yet. */
  newPath(name: string): string;
  dispose(): Promise<void>;
};

export async function startWorld(): Promise<World> {
  const network = await startLocalNetwork();
  const folder = await temporaryFolder();
  const clients: Client[] = [];
  let paths = 0;
  const newPath = (name: string) => join(folder.path, `${(paths += 1)}-${name}`);
  return {
    network,
    folder: folder.path,
    newPerson: () => createPerson(network.url),
    newPath,
    async open(person, { dbPath = newPath("client.db3"), ...device } = {}) {
      const client = await person.openOn({ dbPath, ...device });
      clients.push(client);
      return client;
    },
    async dispose() {
      await Promise.all(clients.map((client) => closeClient(client).catch(() => undefined)));
      await network.close();
      await folder.dispose();
    },
  };
}
