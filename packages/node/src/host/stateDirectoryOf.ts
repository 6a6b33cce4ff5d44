import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackupError } from "@xmtp-backup/core";
import { databasePathOf } from "./databasePathOf.ts";
import type { NodeClient } from "./nodeClient.ts";

/** Of clients whose database is in memory, by installation: it dies with this process, and so do its notes. */
const inMemory = new Map<string, string>();

/** The folder beside the client's database where its notes, lock and temporary files live and die with it. */
export function stateDirectoryOf(client: Pick<NodeClient, "options" | "env" | "inboxId" | "installationId">): string {
  const path = databasePathOf(client);
  return path === undefined ? temporaryDirectoryOf(client.installationId) : `${path}.backup`;
}

/** A new folder that its owner alone can read, under a name that nobody can guess; it goes when the process ends. @throws HOST_FAILED */
function temporaryDirectoryOf(installationId: string): string {
  const known = inMemory.get(installationId);
  if (known !== undefined) return known;
  if (inMemory.size === 0) process.once("exit", removeAll);
  const directory = privateTemporaryFolder();
  inMemory.set(installationId, directory);
  return directory;
}

function privateTemporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "xmtp-backup-"));
  } catch (error) {
    throw new BackupError("HOST_FAILED", "No private folder can be made in the system's temporary folder.", { cause: error });
  }
}

function removeAll(): void {
  for (const directory of inMemory.values()) rmSync(directory, { recursive: true, force: true });
}
