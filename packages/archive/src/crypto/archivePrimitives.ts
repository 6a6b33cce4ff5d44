/** AES-256 under one key, in bulk: an archive is opened and sealed in batches, never record by record. */
export type Aes256 = {
  /** Encrypts whole 16-byte blocks, each one alone (ECB), into new memory. */
  encryptBlocks(blocks: Uint8Array): Uint8Array;
  /**
   * The AES-256-GCM tag of `data` as additional data: no plaintext, and a nonce of twelve zero bytes.
   * Without it GHASH is computed in JavaScript.
   */
  authenticate?(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
};

/** A hash that is fed piece by piece. */
export type IncrementalHash = {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
};

/** The cryptography that a platform does faster than portable JavaScript; `@xmtp-backup/node` brings its own. */
export type ArchivePrimitives = {
  /** @default noble's AES, and GHASH by Web Crypto where there is one */
  aes256?(key: Uint8Array): Aes256;
  /** @default noble's SHA-256 */
  sha256?(): IncrementalHash;
};
