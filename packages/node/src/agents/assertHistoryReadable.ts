import { readdir } from "node:fs/promises";
import { BackupError, type BackupsOptions, type KeyStore, manifestReader } from "@xmtp-backup/core";

/** Whether a folder holds a client's database; a hint, since only the client itself can tell what is in it. */
export async function hasDatabase(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.some((name) => name.endsWith(".db3"));
}

type Place = Pick<BackupsOptions, "store" | "keys" | "allowNewKey"> & {
  /** Archives that can't be read are accepted. @default false */
  isAccepted?: boolean;
};

/**
 * Makes sure that the place for archives answers, and that nothing in it is newer than what can be read.
 *
 * A client is made after this, since each new one takes one of the inbox's installations (docs/sdk-facts.md#ten-installations).
 * The inbox is not known yet. So it refuses only what it would refuse for any.
 *
 * @throws STORE_UNAVAILABLE, or another error of the store, when the place can't be used
 * @throws KEY_MISSING when archives are listed and there is no key
 * @throws KEY_WRONG when none of the keys made the newest archive
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version of this package made the newest archive
 */
export async function assertHistoryReadable({ store, keys, allowNewKey = false, isAccepted = false }: Place): Promise<void> {
  await store.open();
  const archiveKeys = await keys.load();
  const read = await manifestReader(archiveKeys);
  for (const key of archiveKeys) key.fill(0);
  const newestMs = { open: -1, otherKey: -1, unsupported: -1, damaged: -1, chainBroken: -1 };
  for await (const { id, manifest } of store.list()) {
    const { seal, createdAtMs } = await read(id, manifest);
    // One that does not say when it was made may be the newest.
    const atMs = createdAtMs === 0 && seal !== "open" ? Infinity : createdAtMs;
    newestMs[seal] = Math.max(newestMs[seal], atMs);
  }
  if (isAccepted) return;
  if (newestMs.otherKey > newestMs.open && !allowNewKey) throw await locked(keys);
  if (newestMs.unsupported > newestMs.open) throw newerVersion();
}

/** The refusal of a history whose newest archive a newer version made. */
export function newerVersion(): BackupError {
  return new BackupError("ARCHIVE_VERSION_UNSUPPORTED", "A newer version of this package made the agent's newest archive.");
}

/** The refusal of a history that the keys at hand don't open. */
export async function locked(keys: KeyStore): Promise<BackupError> {
  const archiveKeys = await keys.load();
  for (const key of archiveKeys) key.fill(0);
  return new BackupError(
    archiveKeys.length > 0 ? "KEY_WRONG" : "KEY_MISSING",
    "The agent's archives can't be read with the keys at hand.",
    {
      details:
        "Another inbox that uses this place with its own key can be the reason too. Give each agent its own place, or pass allowNewKey where many share one.",
    },
  );
}
