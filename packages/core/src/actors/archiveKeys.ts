import { BackupError } from "../errors/backupError.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { KeyStore } from "../ports/keyStore.ts";
import { assertArchiveKey, generateArchiveKey } from "./archiveKey.ts";
import { callPort } from "./callPort.ts";
import { fingerprintOf } from "./manifestKey.ts";

/** Every key of the store, newest first, each checked. */
export async function loadKeys(keys: KeyStore, options: CallOptions = {}): Promise<Uint8Array[]> {
  const loaded = await callPort(options, "KEY_STORE_FAILED", "The archive key could not be read.", () => keys.load(options));
  for (const key of loaded) {
    assertArchiveKey(key);
    if (key.every((byte) => byte === 0)) throw new BackupError("KEY_INVALID", "The key store gave a key that was overwritten with zeros.");
  }
  return loaded;
}

/** The newest key, to be overwritten after use; a fresh one is kept first, and read back, when there is none yet. */
export async function keyForBackup(keys: KeyStore, options: CallOptions = {}): Promise<Uint8Array> {
  const [newest] = await loadKeys(keys, options);
  if (newest) return new Uint8Array(newest);
  const fresh = generateArchiveKey();
  await callPort(options, "KEY_STORE_FAILED", "A new archive key could not be kept.", () => keys.add(fresh, options));
  const [kept] = await loadKeys(keys, options);
  if (kept && (await fingerprintOf(kept)) === (await fingerprintOf(fresh))) return new Uint8Array(kept);
  throw new BackupError("KEY_STORE_FAILED", "The key store did not keep the new archive key.");
}

/** The key that made an archive, told by its fingerprint; to be overwritten after use. */
export async function keyForArchive(keys: KeyStore, fingerprint: string, options?: CallOptions): Promise<Uint8Array> {
  const loaded = await loadKeys(keys, options);
  for (const key of loaded) if ((await fingerprintOf(key)) === fingerprint) return new Uint8Array(key);
  if (loaded.length === 0) throw new BackupError("KEY_MISSING", "The key store holds no archive key.");
  throw new BackupError("KEY_WRONG", "None of the archive keys at hand made this archive.", {
    details: `The archive was made with key ${fingerprint}.`,
  });
}

/** The fingerprint of the key that the next backup is made with; undefined while there is none. */
export async function newestFingerprint(keys: KeyStore, options: CallOptions = {}): Promise<string | undefined> {
  const [newest] = await loadKeys(keys, options);
  return newest && fingerprintOf(newest);
}
