import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { NodeClient } from "./nodeClient.ts";

/** Path of the client's database; undefined for one in memory. */
export function databasePathOf({ options, env, inboxId }: Pick<NodeClient, "options" | "env" | "inboxId">): string | undefined {
  const dbPath = options?.dbPath;
  if (dbPath === null) return undefined;
  return typeof dbPath === "function" ? dbPath(inboxId) : (dbPath ?? `xmtp-${env}-${inboxId}.db3`);
}

/** How many bytes this user may still write on the disk of the client's database. */
export async function databaseFreeBytes(client: Pick<NodeClient, "options" | "env" | "inboxId">): Promise<number | undefined> {
  const path = databasePathOf(client);
  if (path === undefined) return undefined;
  const { bavail, bsize } = await statfs(dirname(path));
  return bavail * bsize;
}
