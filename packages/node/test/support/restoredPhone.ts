import type { Backups } from "@xmtp-backup/core";
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

export async function restorePhone(world: World, bob: Client, { deviceSync = false } = {}): Promise<RestoredPhone> {
  const person = world.newPerson();
  const places = placesIn(world.newPath("places"));
  const old = await world.open(person, { deviceSync });
  const { group, dm } = await chat(old, bob);
  await bob.conversations.syncAll();
  const { entry } = await backupsOf(old, places).backup().result;
  const client = await world.open(person, { deviceSync });
  const backups = backupsOf(client, places);
  await backups.restore(entry).result;
  return { person, old, client, backups, places, groupId: group.id, dmId: dm.id };
}
