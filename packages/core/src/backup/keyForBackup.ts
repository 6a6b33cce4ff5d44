import { BackupError } from "../errors/backupError.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { generateArchiveKey } from "../archives/archiveKey.ts";
import { newestKey } from "../archives/keysAtHand.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { fingerprintOf } from "../archives/manifestKey.ts";
import { listArchives } from "../archives/listArchives.ts";
import { withKeys } from "../archives/withKeys.ts";

export type NewKeyOptions = {
  /** Make a first key although the store lists archives, none of whose keys is at hand. @default false */
  allowNewKey?: boolean | undefined;
};

/**
 * The newest key, to be overwritten after use; a fresh one is kept first, and read back, when there is none yet.
 *
 * Where the store lists archives, a device without any key has lost it, or has not opened it yet. It makes no other in silence. Only
 * their key shows whose archives they are, so only the app can say that they are of other inboxes.
 *
 * @throws KEY_MISSING when there is no key, the store lists archives, and the app does not insist
 * @throws KEY_STORE_FAILED when the key store can't be read, or did not keep the new key
 * @throws KEY_INVALID when it did not keep the new key, and what it holds are no keys
 */
export async function keyForBackup(
  { keys, store, log }: Pick<Dependencies, "keys" | "store" | "log">,
  { allowNewKey = false }: NewKeyOptions,
  options: CallOptions,
): Promise<Uint8Array> {
  const newest = await newestKey(keys, options);
  if (newest) return newest;
  if (!allowNewKey) await assertNothingListed({ keys, store }, options);
  return makeKey({ keys, log }, options);
}

async function assertNothingListed({ keys, store }: Pick<Dependencies, "keys" | "store">, options: CallOptions): Promise<void> {
  const archives = await listArchives(store, [], options);
  if (archives.length === 0) return;
  const unusable = await withKeys(keys, options, (_held, reasons) => reasons);
  throw new BackupError("KEY_MISSING", "This device has no archive key, and the archives that are stored here have one.", {
    details: [
      `The store lists ${archives.length}.`,
      ...unusable,
      "Open the key ring, or add their key. Where the archives are of other inboxes, or their key is lost, pass allowNewKey: a new key is made, and they stay.",
    ].join(" "),
  });
}

/** The store proves twice that it holds the key: once what it was given is overwritten, and once what it lent is. */
async function makeKey({ keys, log }: Pick<Dependencies, "keys" | "log">, options: CallOptions): Promise<Uint8Array> {
  const fresh = generateArchiveKey();
  let fingerprint: string;
  try {
    fingerprint = await fingerprintOf(fresh);
    await callPort(options, "KEY_STORE_FAILED", "A new archive key could not be kept.", () => keys.add(fresh, options));
  } finally {
    fresh.fill(0);
  }
  await withKeys(keys, options, (held, unusable) => assertKept(held, unusable, fingerprint));
  log("info", { event: "key.made", fingerprint });
  return withKeys(keys, options, async (held, unusable) => new Uint8Array(await assertKept(held, unusable, fingerprint)));
}

/** The newest key, which is another than the fresh one where somebody else has added theirs meanwhile. */
async function assertKept(held: readonly Uint8Array[], unusable: readonly string[], fingerprint: string): Promise<Uint8Array> {
  const fingerprints = await Promise.all(held.map(fingerprintOf));
  const [newest] = held;
  if (newest && fingerprints.includes(fingerprint)) return newest;
  throw new BackupError(unusable.length > 0 ? "KEY_INVALID" : "KEY_STORE_FAILED", "The key store did not keep the new archive key.", {
    ...(unusable.length > 0 && { details: unusable.join(" ") }),
  });
}
