import type { CallOptions, TransferOptions } from "./callOptions.ts";

/**
 * Encrypted archives that a host keeps on this device between tasks, such as the parts of a backup that a kill may interrupt.
 *
 * They are copies that are verified before each use. Without them a task takes longer, and nothing is lost.
 */
export interface KeptArchives {
  /**
   * Keeps a copy under a name of lower-case letters, digits and dashes, in place of an earlier one, whole or not at all.
   *
   * @throws DEVICE_FULL when there is no room
   */
  put(name: string, archive: Blob, options?: TransferOptions): Promise<void>;
  /** What is kept under the name, to be read until the name is put again or removed; undefined when there is nothing. */
  get(name: string, options?: CallOptions): Promise<Blob | undefined>;
  /** Does nothing when there is nothing of the name. */
  remove(name: string, options?: CallOptions): Promise<void>;
  /** Names and sizes in bytes of all that is kept, in any order. */
  list(options?: CallOptions): Promise<{ name: string; sizeBytes: number }[]>;
}
