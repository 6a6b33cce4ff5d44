import { generateRecoveryPhrase, type KeyRing, type KeyRingState, recoveryPhrase } from "@xmtp-backup/keys";

/** The ways in which the backups can be opened on another device. */
export type Recovery = {
  /** The ways there are, and what should be seen to. */
  ways(): Promise<KeyRingState>;
  /** New words, which open nothing until they are kept. For the eyes of the user who asked, and nothing else. */
  newPhrase(): string;
  /** Makes these words a way in, once the user has written them down. */
  keepPhrase(phrase: string): Promise<void>;
  /**
   * Brings the keys to this device; no archive is fetched before the words are known to be right.
   *
   * @throws PHRASE_INVALID when these are no sound words
   * @throws SECRET_WRONG when they open none of the ways
   */
  enter(phrase: string): Promise<void>;
};

export function createRecovery(keys: KeyRing): Recovery {
  return {
    ways: () => keys.inspect(),
    newPhrase: generateRecoveryPhrase,
    async keepPhrase(phrase) {
      await keys.addSlot(recoveryPhrase(phrase));
    },
    async enter(phrase) {
      await keys.open(recoveryPhrase(phrase));
    },
  };
}
