import { readdir } from "node:fs/promises";
import { BackupError, type BackupsOptions, type KeyStore, manifestReader } from "@xmtp-backup/core";

/** Whether a folder holds a client's database; a hint, since only the client itself can tell what is in it. */
export async function hasDatabase(directory: string): Promise<boolean> {
  const names = await readdir(directory).catch(() => []);
  return names.some((name) => name.endsWith(".db3"));
}

/**
 * Makes sure that the place for archives answers and that the keys open something of what is listed there.
 *
 * A client is made after this, since each new one takes one of the ten installations that an inbox can have.
 *
 * @throws STORE_UNAVAILABLE, or another error of the store, when the place can't be used
 * @throws KEY_MISSING when archives are listed and there is no key
 * @throws KEY_WRONG when archives are listed and none of the keys made any
 */
export async function assertHistoryReadable({ store, keys, allowNewKey = false }: Pick<BackupsOptions, "store" | "keys" | "allowNewKey">): Promise<void> {
  await store.open();
  const archiveKeys = await keys.load();
  const read = await manifestReader(archiveKeys);
  for (const key of archiveKeys) key.fill(0);
  let isLocked = false;
  for await (const { id, manifest } of store.list()) {
    const { seal } = await read(id, manifest);
    if (seal === "open") return;
    isLocked ||= seal === "otherKey";
  }
  if (isLocked && !allowNewKey) throw await locked(keys);
}

/** The refusal of a history that the keys at hand don't open. */
export async function locked(keys: KeyStore): Promise<BackupError> {
  const archiveKeys = await keys.load();
  for (const key of archiveKeys) key.fill(0);
  return new BackupError(archiveKeys.length > 0 ? "KEY_WRONG" : "KEY_MISSING", "The agent's archives can't be read with the keys at hand.", {
    details: "Another inbox that uses this place with a key of its own can be the reason too: give each agent a place of its own, or pass allowNewKey where many share one.",
  });
}
