import type { Backups, BackupsOptions } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { backupsOf, type Places, placesIn } from "./backupsOf.ts";
import { chat } from "./chat.ts";
import type { Person } from "./person.ts";
import type { World } from "./world.ts";

/** Somebody whose conversations with Bob are restored, and not active yet, on a new installation. */
export type RestoredPhone = {
  person: Person;
  old: Client;
  client: Client;
  backups: Backups;
  places: Places;
  groupId: string;
  dmId: string;
};

export type RestoredPhoneOptions = {
  /** @default false */
  deviceSync?: boolean;
  /** What happens on the old phone before the backup, and after Bob has received everything. */
  beforeBackup?: (old: Client, conversations: { groupId: string; dmId: string }) => Promise<unknown>;
  /** The options of the new phone's backups. */
  options?: Partial<BackupsOptions>;
};

export async function restorePhone(
  world: World,
  bob: Client,
  { deviceSync = false, beforeBackup, options }: RestoredPhoneOptions = {},
): Promise<RestoredPhone> {
  const person = world.newPerson();
  const places = placesIn(world.newPath("places"));
  const old = await world.open(person, { deviceSync });
  const { group, dm } = await chat(old, bob);
  const ids = { groupId: group.id, dmId: dm.id };
  await bob.conversations.syncAll();
  await beforeBackup?.(old, ids);
  const { entry } = await backupsOf(old, places).backup().result;
  const client = await world.open(person, { deviceSync });
  const backups = backupsOf(client, places, options);
  await backups.restore(entry).result;
  return { person, old, client, backups, places, ...ids };
}
