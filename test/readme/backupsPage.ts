import type { Client } from "@xmtp/browser-sdk";
import type { Hex } from "viem";
import { openClient } from "../../packages/browser/test/pages/openClient.ts";
import * as example from "./backups.ts";

const serverAt = (url: string) => ({ url, token: async () => "alice" });
const openOn = (network: string, privateKey: Hex): Promise<Client> => openClient(network, privateKey, { dbPath: null });

/** Writes three messages on a first device and turns backups on; gives the words that were shown. */
export async function turnOn(network: string, server: string, privateKey: Hex): Promise<string> {
  const client = await openOn(network, privateKey);
  const group = await client.conversations.createGroup([], { groupName: "Lisbon in May" });
  for (const text of ["one", "two", "three"]) await group.sendText(text);
  let shown = "";
  const backups = await example.turnOn(client, serverAt(server), async (words) => void (shown = words));
  backups.stop();
  (await example.keepOn(client, serverAt(server))).stop();
  return shown;
}

/** Restores on another device, which has the words alone. */
export async function restore(
  network: string,
  server: string,
  privateKey: Hex,
  words: string,
): Promise<{ restored: number; expected: number }> {
  return example.restore(await openOn(network, privateKey), serverAt(server), words);
}

/** Leaves nothing of the first device but its words. */
export async function forget(): Promise<void> {
  for (const { name = "" } of await indexedDB.databases()) indexedDB.deleteDatabase(name);
}
