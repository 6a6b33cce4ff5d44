import type { CallOptions } from "./callOptions.ts";
import type { Journal } from "./journal.ts";

export type LoadKeysOptions = CallOptions & {
  /** Is called for each stored key that is left out because it can't be used, and says what is wrong with it, without its bytes. */
  onUnusable?: ((reason: string) => void) | undefined;
};

/**
 * A place that keeps archive keys: 32 bytes each, newest first.
 *
 * The newest key makes new archives; the older ones stay, so that what they made can be read.
 */
export interface KeyStore {
  /**
   * Small notes beside the keys, which live as long as they do. A key ring notes there the newest ring that the device knows;
   * the note is encrypted with one of the keys. Left out by a place that has no room for them.
   */
  readonly notes?: Journal;
  /**
   * All keys, newest first; empty when there is none yet. The bytes are copies: the caller overwrites them after use.
   *
   * A stored key that can't be used is left out, and `onUnusable` says so; the others are of use all the same.
   *
   * @throws KEY_STORE_FAILED when the place can't be read
   */
  load(options?: LoadKeysOptions): Promise<Uint8Array[]>;
  /**
   * Makes `key` the newest; one that is there already moves to the front. It keeps bytes of its own, since the caller overwrites these.
   * No key that the place holds is lost, whoever adds others at the same time.
   *
   * @throws KEY_INVALID when it is not exactly 32 bytes, or all of them are zero
   * @throws KEY_STORE_FAILED when the place can't be written
   */
  add(key: Uint8Array, options?: CallOptions): Promise<void>;
}
