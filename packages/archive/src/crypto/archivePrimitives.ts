/** AES-256 under one key, in bulk, for the records of a batch. */
export type Aes256 = {
  /** Encrypts whole 16-byte blocks, each one alone (ECB), into new memory. */
  encryptBlocks(blocks: Uint8Array): Uint8Array;
  /**
   * How much one call encrypts at most, in bytes, a multiple of 16. The event loop has no turn meanwhile. Larger parts are a little faster.
   *
   * @default 32768
   */
  partBytes?: number;
  /**
   * The AES-256-GCM tag of `data` as additional data: no plaintext, and a nonce of twelve zero bytes.
   * Without it GHASH is computed in JavaScript.
   */
  authenticate?(data: Uint8Array): Uint8Array | Promise<Uint8Array>;
};

/** AES-256-GCM under one key, for one record at a time. */
export type RecordGcm = {
  /**
   * How long the records of a batch must be on average, in bytes of content. Shorter ones go through {@link Aes256} together: a call
   * costs the same, however short its record is.
   */
  fromBytes: number;
  /**
   * The same where the portable {@link Aes256} runs in WebAssembly, which is some five times as fast as in JavaScript.
   *
   * @default the value of `fromBytes`
   */
  fromBytesInWasm?: number;
  /** The ciphertext, and the tag of 16 bytes behind it. */
  seal(nonce: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array>;
  /** The plaintext. It rejects when the record is not authentic. */
  open(nonce: Uint8Array, sealed: Uint8Array): Promise<Uint8Array>;
};

/** A hash that is fed piece by piece. */
export type IncrementalHash = {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
};

/** The cryptography that a platform does faster than portable JavaScript; `@xmtp-backup/node` and `@xmtp-backup/browser` bring theirs. */
export type ArchivePrimitives = {
  /** @default AES in WebAssembly, or noble's where there is none; GHASH by Web Crypto where there is one */
  aes256?(key: Uint8Array): Aes256;
  /** @default none: every record goes through a batch */
  recordGcm?(key: Uint8Array): RecordGcm | undefined;
  /** @default noble's SHA-256 */
  sha256?(): IncrementalHash;
};
