import type { Client, Dm, Group } from "@xmtp/node-sdk";
import { chat } from "./chat.ts";
import { type Places, placesIn } from "./backupsOf.ts";
import type { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

/** Alice, who talks with Bob in a group and a DM, and the places where her archives and her key lie. */
export type Talk = { world: World; alice: Person; phone: Client; bob: Client; group: Group; dm: Dm; newPlaces(): Places };

export async function startTalk(): Promise<Talk> {
  const world = await startWorld();
  const alice = world.newPerson();
  const [phone, bob] = [await world.open(alice), await world.open(world.newPerson())];
  return { world, alice, phone, bob, ...(await chat(phone, bob)), newPlaces: () => placesIn(world.newPath("places")) };
}
