import type { Client } from "@xmtp/node-sdk";
import type { Talk } from "./talk.ts";

export const rawKey = new Uint8Array(32).fill(1);

/** The path of an archive that the SDK alone has made. */
export async function rawArchiveOf({ world }: Talk, client: Client, archiveKey = rawKey): Promise<string> {
  const path = world.newPath("raw.xmtp");
  await client.createArchive(path, archiveKey);
  return path;
}

/** A new installation of Alice, into which the SDK alone has imported what her phone holds. */
export async function rawImportOf(talk: Talk): Promise<Client> {
  const client = await talk.world.open(talk.alice);
  await client.importArchive(await rawArchiveOf(talk, talk.phone), rawKey);
  return client;
}
