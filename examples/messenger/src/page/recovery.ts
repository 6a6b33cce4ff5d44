import type { ArchiveOutline, Backups } from "@xmtp-backup/core";
import {
  generateRecoveryPhrase,
  type KeyRing,
  type KeyRingState,
  passphrase,
  recoveryPhrase,
  type Rotation,
  type SlotKey,
} from "@xmtp-backup/keys";

/** What a person types to get in. */
export type TypedSecret = { kind: "recoveryPhrase" | "passphrase"; text: string };

/** The ways in which the backups can be opened on another device. */
export type Recovery = {
  /** The ways there are, and what should be seen to. */
  ways(): Promise<KeyRingState>;
  /** New words, which open nothing until they are kept. For the eyes of the user who asked, and nothing else. */
  newPhrase(): string;
  /** Makes these words a way in, once the user has written them down; an earlier phrase opens nothing from then on. */
  keepPhrase(phrase: string): Promise<void>;
  /**
   * Makes this passphrase a way in; an earlier one opens nothing from then on.
   *
   * @throws PASSPHRASE_WEAK when it is weak and the user does not insist
   */
  keepPassphrase(text: string, insist: boolean): Promise<void>;
  /** @throws SLOT_NEEDED when it is the only way in, and there are backups */
  remove(id: string): Promise<void>;
  /**
   * Brings the keys to this device; no archive is fetched before the secret is known to be right.
   *
   * @throws PHRASE_INVALID when these are no sound words
   * @throws SECRET_WRONG when it opens none of the ways
   */
  enter(secret: TypedSecret): Promise<void>;
  /** A trial: whether this would open the backups on a new device. @throws as `enter` does */
  tryOut(secret: TypedSecret): Promise<void>;
  /** Puts the newest ways in that this device knows in the place of older or deleted ones. */
  putBack(): Promise<void>;
  /** Makes a new key for all backups from now on, which every way opens; answers with the backups of older keys. */
  changeKey(): Promise<Rotation>;
  /** Encrypts these with the newest key, one after the other, and reports each that is done. */
  encryptAgain(archives: readonly ArchiveOutline[], onDone: (archive: ArchiveOutline) => void): Promise<void>;
};

export function createRecovery(keys: KeyRing, backups: Backups): Recovery {
  /** The new way is there before the old ones of its kind go: whatever happens in between, one of them opens. */
  async function keep(slotKey: SlotKey): Promise<void> {
    const { id: kept, kind } = await keys.addSlot(slotKey);
    const { slots } = await keys.inspect();
    for (const slot of slots) if (slot.kind === kind && slot.id !== kept) await keys.removeSlot(slot.id);
    await backups.confirmKey();
  }

  return {
    ways: () => keys.inspect(),
    newPhrase: generateRecoveryPhrase,
    keepPhrase: async (phrase) => keep(recoveryPhrase(phrase)),
    keepPassphrase: (text, insist) => keep(passphrase(text, { insist })),
    remove: (id) => keys.removeSlot(id),
    enter: async (secret) => void (await keys.open(slotKeyOf(secret))),
    tryOut: async (secret) => void (await keys.test(slotKeyOf(secret))),
    putBack: async () => void (await keys.putBack()),
    async changeKey() {
      const rotation = await keys.rotate();
      const { slots } = await keys.inspect();
      if (slots.length > 0) await backups.confirmKey();
      return rotation;
    },
    async encryptAgain(archives, onDone) {
      for (const archive of archives) {
        await backups.rekey(archive.id);
        onDone(archive);
      }
    },
  };
}

function slotKeyOf({ kind, text }: TypedSecret): SlotKey {
  return kind === "passphrase" ? passphrase(text) : recoveryPhrase(text);
}
