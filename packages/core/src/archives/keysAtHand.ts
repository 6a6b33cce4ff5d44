import { BackupError } from "../errors/backupError.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { KeyStore } from "../ports/keyStore.ts";
import { fingerprintOf, type ManifestKey, toManifestKey } from "./manifestKey.ts";
import { withKeys } from "./withKeys.ts";

/** What is known of the keys of a store without holding one. */
export type KeysAtHand = {
  /** For the manifests that they made, newest first. */
  manifestKeys: ManifestKey[];
  /** What is wrong with each key that was left out. */
  unusable: readonly string[];
};

export function lookAtKeys(keys: KeyStore, options: CallOptions = {}): Promise<KeysAtHand> {
  return withKeys(keys, options, async (held, unusable) => ({ manifestKeys: await Promise.all(held.map(toManifestKey)), unusable }));
}

/** The newest key, to be overwritten after use; undefined while there is none. */
export function newestKey(keys: KeyStore, options: CallOptions): Promise<Uint8Array | undefined> {
  return withKeys(keys, options, ([newest]) => newest && new Uint8Array(newest));
}

/** The key that made an archive, found by its fingerprint; to be overwritten after use. */
export function keyForArchive(keys: KeyStore, fingerprint: string, options: CallOptions = {}): Promise<Uint8Array> {
  return withKeys(keys, options, async (held, unusable) => {
    for (const key of held) if ((await fingerprintOf(key)) === fingerprint) return new Uint8Array(key);
    if (held.length === 0) throw noKey(unusable);
    throw new BackupError("KEY_WRONG", "None of the archive keys at hand made this archive.", {
      details: [`The archive was made with key ${fingerprint}.`, ...unusable].join(" "),
    });
  });
}

/** The fingerprint of the key that the next backup is made with; undefined while there is none. */
export function newestFingerprint(keys: KeyStore, options: CallOptions = {}): Promise<string | undefined> {
  return withKeys(keys, options, ([newest]) => newest && fingerprintOf(newest));
}

export function noKey(unusable: readonly string[]): BackupError {
  return new BackupError("KEY_MISSING", "The key store holds no archive key.", unusable.length > 0 ? { details: unusable.join(" ") } : {});
}
