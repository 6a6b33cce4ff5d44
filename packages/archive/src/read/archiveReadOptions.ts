import type { ArchivePrimitives } from "../crypto/archivePrimitives.ts";

/** How far long work has come. */
export type ArchiveProgress = { doneBytes: number; totalBytes: number };

/** What all long work takes. */
export type ArchiveWorkOptions = {
  /** Stops the work, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called now and then, and at the end, with bytes of the archive. */
  onProgress?: ((progress: ArchiveProgress) => void) | undefined;
  /** Faster cryptography of the platform. */
  primitives?: ArchivePrimitives | undefined;
};

/** How to read an archive. */
export type ArchiveReadOptions = ArchiveWorkOptions & {
  /**
   * Whether the key is known to be the archive's, for instance by its fingerprint in a manifest. An archive that does not open is then
   * damaged, and not another key's.
   *
   * @default false
   */
  keyIsKnownGood?: boolean | undefined;
  /**
   * SHA-256 of the archive as lower-case hex, from a manifest: it tells a wrong key from damage. Where a whole archive is read, a file
   * of another hash is refused before anything of it is decoded.
   */
  expectedSha256?: string | undefined;
  /**
   * Longest record to accept, in bytes. It bounds the memory that a damaged length can ask for.
   *
   * @default 16777216
   */
  maxRecordBytes?: number | undefined;
  /**
   * Most bytes that the archive may decode to, whatever it holds. Archives are ciphertext, which does not compress. Only a file that was
   * made for it, or an old one with hundreds of copies of long texts, decodes to many times its size.
   *
   * @default 4 MiB and four times the size of the file, or 256 times where an old archive's records share a nonce and differ
   */
  maxDecodedBytes?: number | undefined;
};

export const DEFAULT_MAX_RECORD_BYTES = 16 * 1024 * 1024;
