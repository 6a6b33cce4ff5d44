import type { CallOptions } from "./callOptions.ts";

/**
 * A place that keeps archive keys: 32 bytes each, newest first.
 *
 * The newest key makes new archives; the older ones stay, so that what they made can be read.
 */
export interface KeyStore {
  /**
   * All keys, newest first; empty when there is none yet. The bytes are the caller's, who may overwrite them.
   *
   * @throws KEY_STORE_FAILED when the place can't be read
   * @throws KEY_INVALID when what it holds is not a key
   */
  load(options?: CallOptions): Promise<Uint8Array[]>;
  /**
   * Makes `key` the newest; one that is there already moves to the front. It keeps bytes of its own, since the caller may overwrite these.
   *
   * @throws KEY_INVALID when it is not exactly 32 bytes
   * @throws KEY_STORE_FAILED when the place can't be written
   */
  add(key: Uint8Array, options?: CallOptions): Promise<void>;
}
