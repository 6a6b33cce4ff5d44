import { BackupError, type Backups, keyFingerprint, type KeyStore } from "@xmtp-backup/core";
import { fromRecoveryPhrase, toRecoveryPhrase } from "@xmtp-backup/keys";

/** The archive key as the user keeps it: 24 words. */
export type Recovery = {
  /** The words of the newest archive key; undefined before the first backup made one. For the eyes of the user who asked, and nothing else. */
  phrase(): Promise<string | undefined>;
  /**
   * Puts the key of these words into this device's key store.
   *
   * @throws PHRASE_INVALID when these are not the words of any key
   * @throws KEY_WRONG when their key made none of the archives
   */
  enter(phrase: string): Promise<void>;
  /** Whether this device has the key of the newest archive; true while there is none. */
  hasKey(): Promise<boolean>;
};

export function createRecovery(backups: Backups, keys: KeyStore): Recovery {
  return {
    async phrase() {
      const [newest] = await keys.load();
      return newest && toRecoveryPhrase(newest);
    },
    async enter(phrase) {
      const key = fromRecoveryPhrase(phrase);
      const fingerprint = keyFingerprint(key);
      const archives = await backups.list();
      if (archives.length > 0 && !archives.some(({ keyFingerprint: made }) => made === fingerprint)) {
        throw new BackupError("KEY_WRONG", "This is a sound recovery phrase, but it made none of these archives.");
      }
      await keys.add(key);
    },
    async hasKey() {
      const [latest] = await backups.list();
      const fingerprints = (await keys.load()).map(keyFingerprint);
      return latest === undefined || fingerprints.includes(latest.keyFingerprint);
    },
  };
}
