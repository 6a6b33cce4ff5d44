/**
 * Why an archive was refused.
 *
 * - `ARCHIVE_NOT_AN_ARCHIVE`: the bytes are something else.
 * - `ARCHIVE_UNSUPPORTED_VERSION`: an archive of a format version that this package does not know.
 * - `ARCHIVE_TRUNCATED`: the end is missing.
 * - `ARCHIVE_DAMAGED`: bytes were changed, added or lost.
 * - `ARCHIVE_WRONG_KEY`: the file is intact and the key does not open it.
 * - `ARCHIVE_KEY_OR_DAMAGE`: the first record does not open, and nothing tells a wrong key from damage.
 * - `ARCHIVE_HASH_MISMATCH`: the file is not the one whose hash was expected; whether it is an archive was not looked at.
 * - `ARCHIVE_UNREADABLE`: the bytes could not be read whole, so nothing is known of them; reading them again may work.
 * - `ARCHIVE_INVALID_KEY`: the key is not 32 bytes.
 * - `ARCHIVE_INVALID_RECORD`: a record that was given to a writer can't be written.
 */
export type ArchiveErrorCode =
  | "ARCHIVE_NOT_AN_ARCHIVE"
  | "ARCHIVE_UNSUPPORTED_VERSION"
  | "ARCHIVE_TRUNCATED"
  | "ARCHIVE_DAMAGED"
  | "ARCHIVE_WRONG_KEY"
  | "ARCHIVE_KEY_OR_DAMAGE"
  | "ARCHIVE_HASH_MISMATCH"
  | "ARCHIVE_UNREADABLE"
  | "ARCHIVE_INVALID_KEY"
  | "ARCHIVE_INVALID_RECORD";

/** Where in the file something is wrong. */
export type ArchiveErrorPlace = {
  /** Offset in the archive file, in bytes, of the first byte that can't be trusted. */
  byteOffset?: number | undefined;
  /** Index of the first record that can't be trusted; the metadata record is 0. */
  recordIndex?: number | undefined;
  /** Index of the archive, where several were given. */
  inputIndex?: number | undefined;
  cause?: unknown;
};

const brand = Symbol.for("xmtp-backup.ArchiveError");

/**
 * The one error of this package; its message holds neither keys nor content.
 *
 * @example
 * ```ts
 * import { ArchiveError, validateArchive } from "@xmtp-backup/archive";
 *
 * try {
 *   await validateArchive(new Blob([]), new Uint8Array(32));
 * } catch (error) {
 *   if (ArchiveError.is(error)) console.log(error.code); // ARCHIVE_TRUNCATED
 * }
 * ```
 */
export class ArchiveError extends Error {
  readonly code: ArchiveErrorCode;
  /** What is wrong, without the place. */
  readonly shortMessage: string;
  readonly byteOffset: number | undefined;
  readonly recordIndex: number | undefined;
  readonly inputIndex: number | undefined;

  constructor(code: ArchiveErrorCode, shortMessage: string, place: ArchiveErrorPlace = {}) {
    const { byteOffset, recordIndex, inputIndex, cause } = place;
    const where = [
      inputIndex === undefined ? "" : `archive ${inputIndex}`,
      recordIndex === undefined ? "" : `record ${recordIndex}`,
      byteOffset === undefined ? "" : `byte ${byteOffset}`,
    ].filter((part) => part !== "");
    super(where.length === 0 ? shortMessage : `${shortMessage} (${where.join(", ")})`, cause === undefined ? {} : { cause });
    this.name = "ArchiveError";
    this.code = code;
    this.shortMessage = shortMessage;
    this.byteOffset = byteOffset;
    this.recordIndex = recordIndex;
    this.inputIndex = inputIndex;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether `value` is an {@link ArchiveError}, of this copy of the package or of another one. */
  static is(value: unknown): value is ArchiveError {
    return typeof value === "object" && value !== null && brand in value;
  }
}
