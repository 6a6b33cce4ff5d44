import type { ArchiveOutline, ArchiveStore, CallOptions, Clock, Journal, KeyStore } from "@xmtp-backup/core";
import type { SlotKey } from "../slots/slotKey.ts";
import type { KeyRingState, Slot } from "./keyRingState.ts";
import type { OpenOptions } from "./ringOpening.ts";
import type { SlotRef } from "./slotId.ts";

export type KeyRingOptions = {
  /** Where the archives are; the ring's public part lies beside them. */
  store: ArchiveStore;
  /**
   * Where this device keeps the keys of a ring that was opened on it, such as `indexedDbKeys()`, `keychainKeys({ service })` or
   * `fileKeys({ path })`.
   *
   * @default for as long as the process lives
   */
  cache?: KeyStore;
  /**
   * Where this device notes the newest ring that it knows, so that a store can't put an older one back. The note is encrypted with an
   * archive key; whoever removes it takes this protection away, and nothing else. One place serves one ring of each name.
   *
   * @default beside the keys of `cache`, where it has `notes`; otherwise in this process
   */
  memory?: Journal;
  /** A slot that this device opens, and makes with the first key, automatically: a vault that asks nobody. @default none */
  opener?: SlotKey;
  /** Tells rings of several inboxes in one store apart: lower-case letters, digits and dashes. @default "key-ring" */
  name?: string;
  /** @default the system's clock */
  clock?: Pick<Clock, "now">;
};

/** What `rotate` answers with. */
export type Rotation = {
  /** Of the new key. */
  keyFingerprint: string;
  /** Archives that older keys of the ring made, newest first: they stay readable, and are as safe as those keys. */
  olderArchives: ArchiveOutline[];
};

/**
 * The archive keys of one inbox, kept in any number of slots, each of which alone opens it. It is the `keys` of
 * `createBackups`, and these operations beside.
 */
export type KeyRing = KeyStore & {
  /**
   * The slots, whether this device has the keys, and what should be seen to.
   *
   * @throws KEY_RING_DAMAGED when the ring is not what was written
   */
  inspect(options?: CallOptions): Promise<KeyRingState>;
  /**
   * Brings the keys to this device, by one slot; fetches no archive. Keys that only this device has are then added to the ring.
   *
   * A secret that opens no slot of the ring is tried on second versions of it, which a sync program kept. Their keys come to this device
   * behind its own, and into the ring. So do those of a second version that the same slot opens. A recovery phrase that is an archive key
   * itself brings that key, when the ring or an archive in the store knows it.
   *
   * @throws KEY_MISSING when there is no ring in the store
   * @throws KEY_RING_MISSING when there is none, and this device knows one
   * @throws KEY_RING_ROLLED_BACK when the ring is older than the one that this device knows, unless the call says `acceptOlder`
   * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app wrote it
   * @throws SECRET_WRONG when this opens none of the slots
   * @throws KEY_RING_DAMAGED when the ring is not what was written
   * @throws SLOT_FAILED when a vault or a passkey did not answer
   * @throws OPTIONS_INVALID when this is no slot key: the words alone, for example
   */
  open(slotKey: SlotKey, options?: OpenOptions): Promise<KeyRingState>;
  /**
   * A trial: opens a slot as a new device would, and changes nothing.
   *
   * @throws as `open` does
   */
  test(slotKey: SlotKey, options?: CallOptions): Promise<Slot>;
  /**
   * Adds a slot, which is opened once before it is written. The first one makes the ring, and a key when this device has none yet.
   *
   * @throws KEY_MISSING when there is a ring that is not open on this device
   * @throws KEY_RING_MISSING when this device knows a ring, and there is none
   * @throws KEY_RING_ROLLED_BACK when the ring is older than the one that this device knows
   * @throws SLOT_UNUSABLE when the new slot does not open
   * @throws OPTIONS_INVALID when this is no slot key, or when the ring has 32 slots
   * @throws PASSPHRASE_WEAK when it is a weak passphrase and nobody insists
   */
  addSlot(slotKey: SlotKey, options?: CallOptions): Promise<Slot>;
  /**
   * Removes a slot, by its id or as `addSlot` and `inspect` give it. One that is not in the ring any more is no error: the ring has been
   * checked to be the newest one that this device knows. Somebody who knows its secret still has the keys up to now: to keep later
   * archives from them, `rotate`. Where `cache` keeps no notes and there is no `memory`, this makes a new key too, since the keys are
   * then all that this device remembers of the ring.
   *
   * @throws KEY_RING_MISSING when this device knows a ring, and there is none
   * @throws KEY_RING_ROLLED_BACK when the ring is older than the one that this device knows
   * @throws SLOT_NEEDED when it is the last one, and archives in the store need the ring's keys
   * @throws KEY_MISSING when the ring is not open on this device
   * @throws OPTIONS_INVALID when this is neither a slot nor the id of one: what it is called, for example
   */
  removeSlot(slot: SlotRef, options?: CallOptions): Promise<void>;
  /**
   * Makes a new key for all archives from now on, in every slot that there is; older keys stay.
   *
   * @throws KEY_MISSING when the ring is not open on this device
   * @throws KEY_RING_MISSING when there is no ring
   * @throws KEY_RING_ROLLED_BACK when the ring is older than the one that this device knows
   */
  rotate(options?: CallOptions): Promise<Rotation>;
  /**
   * Makes a new ring of this device's keys and a new one, with this slot alone, in place of whatever lies there. That is the way out when
   * a ring is damaged, or when somebody who had a slot can write into the store.
   *
   * @throws KEY_MISSING when this device has no key
   * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app wrote what lies there
   */
  renew(slotKey: SlotKey, options?: CallOptions): Promise<Slot>;
  /**
   * Writes the newest ring that this device knows, with its slots and all keys of this device, in place of an older, damaged or deleted
   * one. That is the way out when a store lost the ring or put an older one back. A ring that is current stays.
   *
   * @throws KEY_MISSING when this device knows no ring, or lacks keys of the one that lies there
   * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app wrote what lies there
   */
  putBack(options?: CallOptions): Promise<KeyRingState>;
};
