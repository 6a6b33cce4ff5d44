import { IdTable } from "../tables/idTable.ts";

/** Decoded bytes that every archive may have, however small its file is: what is read before an old archive shows that it is one. */
const FREE_BYTES = 4_194_304;
/** Ciphertext does not compress: a decoded byte takes about a byte of the file, and of records without content three quarters of one. */
const RATIO = 4;
/** Records under one nonce compress where their plaintexts are alike, such as one long text that was sent to many people. */
const LEGACY_RATIO = 256;

/**
 * How much one archive may decode to, so that a small file can't make hours of work.
 *
 * Somebody without the key can repeat the records of an old archive, all of which have one nonce. Repeated records of such an
 * archive therefore have the smaller bound; only those that differ have the larger one.
 */
export class DecodeBudget {
  readonly #maxBytes: number;
  readonly #maxLegacyBytes: number;
  #seen: IdTable | undefined;
  #decodedBytes = 0;
  #repeatedBytes = 0;

  /** `maxBytes` replaces the bounds that follow from the size of the file. */
  constructor(fileBytes: number, maxBytes?: number) {
    this.#maxBytes = maxBytes ?? FREE_BYTES + RATIO * fileBytes;
    this.#maxLegacyBytes = maxBytes ?? FREE_BYTES + LEGACY_RATIO * fileBytes;
  }

  /** Counts bytes that were decoded; false when they are too many. */
  take(bytes: number, isLegacy: boolean): boolean {
    this.#decodedBytes += bytes;
    return this.#decodedBytes <= (isLegacy ? this.#maxLegacyBytes : this.#maxBytes);
  }

  /** Counts the records of an old archive; false when too many of them are repetitions. */
  takeLegacy(records: readonly Uint8Array[]): boolean {
    const seen = (this.#seen ??= new IdTable(32));
    for (const record of records) {
      const known = seen.size;
      if (seen.add(record) < known) this.#repeatedBytes += record.length;
    }
    return this.#repeatedBytes <= this.#maxBytes;
  }
}
