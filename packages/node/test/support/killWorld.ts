import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Client } from "@xmtp/node-sdk";
import { fileKeys } from "../../src/keys/fileKeys.ts";
import { archiveOf } from "./archiveOf.ts";
import type { Assignment } from "./assignment.ts";
import { backupsOf, type Places } from "./backupsOf.ts";
import { closeClient } from "./closeClient.ts";
import { copyDevice } from "./copyDevice.ts";
import { copyPlaces } from "./copyPlaces.ts";
import { type Child, runChild } from "./runChild.ts";
import { startTalk } from "./talk.ts";

/** A device of Alice's and her places, for one test that kills. */
export type KillDevice = {
  dbPath: string;
  places: Places;
  assignment: Pick<Assignment, "networkUrl" | "privateKey" | "dbPath" | "places">;
};

/** Alice's phone with many messages and one archive of them, and an empty new one; every test gets copies of its own. */
export type KillWorld = {
  /** How many the phone and the archive hold. */
  messages: number;
  newPhone(): Promise<KillDevice>;
  newInstallation(): Promise<KillDevice>;
  open(dbPath: string): Promise<Client>;
  /** Runs a child that is gone when the world is disposed, whatever happens. */
  runChild(assignment: Assignment): Promise<Child>;
  dispose(): Promise<void>;
};

export async function startKillWorld({ messages }: { messages: number }): Promise<KillWorld> {
  const { world, alice, phone, newPlaces } = await startTalk();
  const children: Child[] = [];
  const first = newPlaces();
  const key = new Uint8Array(32).fill(9);
  await fileKeys({ path: first.keyPath }).add(key);
  const backups = backupsOf(phone, first);
  await backups.restore(await archiveOf(phone.inboxId, [Array.from({ length: messages }, () => 400)], key)).result;
  await backups.backup({ name: "Earlier" }).result;
  backups.stop();
  const fresh = await world.open(alice);
  await Promise.all([closeClient(phone), closeClient(fresh)]);

  async function copyOf(client: Client): Promise<KillDevice> {
    const folder = world.newPath("device");
    await mkdir(folder);
    const [dbPath, places] = [join(folder, "device.db3"), await copyPlaces(first, folder)];
    await copyDevice(String(client.options?.dbPath), dbPath);
    return { dbPath, places, assignment: { networkUrl: world.network.url, privateKey: alice.privateKey, dbPath, places } };
  }

  return {
    messages: messages + 4,
    newPhone: () => copyOf(phone),
    newInstallation: () => copyOf(fresh),
    open: (dbPath) => world.open(alice, { dbPath }),
    async runChild(assignment) {
      const child = await runChild(assignment);
      children.push(child);
      return child;
    },
    async dispose() {
      for (const child of children) await child.kill();
      await world.dispose();
    },
  };
}
