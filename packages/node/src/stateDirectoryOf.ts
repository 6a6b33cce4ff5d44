import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@xmtp/node-sdk";

/** The folder beside the client's database where its notes, lock and temporary files live and die with it. */
export function stateDirectoryOf<T>({ options, env, inboxId, installationId }: Pick<Client<T>, "options" | "env" | "inboxId" | "installationId">): string {
  const dbPath = options?.dbPath;
  if (dbPath === null) return join(tmpdir(), `xmtp-backup-${installationId}`);
  const path = typeof dbPath === "function" ? dbPath(inboxId) : (dbPath ?? `xmtp-${env}-${inboxId}.db3`);
  return `${path}.backup`;
}
