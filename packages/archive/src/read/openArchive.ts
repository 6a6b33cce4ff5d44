import { NONCE_BYTES } from "../crypto/nonceCounter.ts";
import { RecordCipher } from "../crypto/recordCipher.ts";
import { OpenFailure, type OpenedRecords, RecordOpener } from "../crypto/recordOpener.ts";
import { ArchiveError } from "../model/archiveError.ts";
import { Pace } from "../util/pace.ts";
import { joinBytes } from "../util/joinBytes.ts";
import { release } from "../util/release.ts";
import { FrameDecoder, truncated } from "../zstd/frameDecoder.ts";
import { FRAME_START_BYTES, hasMagic } from "../zstd/frameHeader.ts";
import { type BlobHash, readChunks } from "./readChunks.ts";
import { DecodeBudget } from "./decodeBudget.ts";
import { hashArchive } from "./hashArchive.ts";
import { type ArchiveReadOptions, DEFAULT_MAX_RECORD_BYTES } from "./archiveReadOptions.ts";
import { RecordFramer } from "./recordFramer.ts";

/** The only format version there is. */
export const ARCHIVE_VERSION = 0;
/** Version and nonce, before the zstd frame. */
export const HEADER_BYTES = 2 + NONCE_BYTES;
export const KEY_BYTES = 32;
/** So much of the file is decoded before the event loop may have a turn: blocks of a few bytes can decode to a lot. */
const STEP_BYTES = 32_768;
/** Whoever works on records has so many at a time, before the event loop may have a turn. */
const PART_RECORDS = 32;
const TOO_MUCH = "the archive decodes to far more than its size allows";

/** Consecutive records, authentic; their memory is valid until the next batch is asked for. */
export type OpenedBatch = {
  /** Plaintexts. */
  records: Uint8Array[];
  /** Index in the archive of the first of them. */
  firstIndex: number;
  byteOffsets: number[];
  /** Whether this is an old archive, all of whose records have the same nonce. */
  isLegacy: boolean;
};

/** @throws ARCHIVE_INVALID_KEY when the key is not 32 bytes. */
export const checkKey = (key: Uint8Array): void => {
  if (key.length !== KEY_BYTES) {
    throw new ArchiveError("ARCHIVE_INVALID_KEY", `an archive key has ${KEY_BYTES} bytes, not ${key.length}`);
  }
};

const checkHeader = (start: Uint8Array): void => {
  const version = (start[0] ?? 0) | ((start[1] ?? 0) << 8);
  if (version === ARCHIVE_VERSION) return;
  if (!hasMagic(start.subarray(HEADER_BYTES))) {
    throw new ArchiveError("ARCHIVE_NOT_AN_ARCHIVE", "the file is not an XMTP archive", { byteOffset: 0 });
  }
  throw new ArchiveError("ARCHIVE_UNSUPPORTED_VERSION", `archives of version ${version} are not supported`, { byteOffset: 0 });
};

/** Says of a record that does not open whether the key or the archive is to blame, as far as anything tells. */
const explain = async (failure: OpenFailure, framer: RecordFramer, blob: Blob, options: ArchiveReadOptions): Promise<ArchiveError> => {
  const recordIndex = framer.firstIndex + failure.index;
  const place = { byteOffset: framer.byteOffsets[failure.index], recordIndex };
  if (failure.isKeyRight || options.keyIsKnownGood) {
    return new ArchiveError("ARCHIVE_DAMAGED", "a record is not authentic: the archive is damaged", place);
  }
  if (options.expectedSha256 !== undefined) {
    const sha256 = await hashArchive(blob, { signal: options.signal, primitives: options.primitives });
    return sha256 === options.expectedSha256
      ? new ArchiveError("ARCHIVE_WRONG_KEY", "the archive is intact, and this is not its key", place)
      : new ArchiveError("ARCHIVE_DAMAGED", "the archive is damaged: it does not have the expected hash", place);
  }
  const message = "the first record does not open: the key is wrong or the archive is damaged, and nothing here tells which";
  return new ArchiveError("ARCHIVE_KEY_OR_DAMAGE", message, place);
};

type WholeBatch = Omit<OpenedBatch, "records"> & Pick<OpenedRecords, "records">;

/** A batch by parts: its records are opened together, and are too many to be worked on at once. */
async function* inParts({ records, byteOffsets, firstIndex, isLegacy }: WholeBatch, pace: Pace): AsyncGenerator<OpenedBatch, void, void> {
  for (let from = 0; from < byteOffsets.length; from += PART_RECORDS) {
    if (from > 0) await pace.rest();
    const end = from + PART_RECORDS;
    yield { records: records(from, end), byteOffsets: byteOffsets.slice(from, end), firstIndex: firstIndex + from, isLegacy };
  }
}

/** Decodes, authenticates and decrypts an archive, in batches of records and in constant memory. */
export async function* openArchive(
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions = {},
  hash?: BlobHash,
): AsyncGenerator<OpenedBatch, void, void> {
  checkKey(key);
  const pace = new Pace(options.signal);
  const cipher = await RecordCipher.create(key, options.primitives);
  const frame = new FrameDecoder(HEADER_BYTES);
  const framer = new RecordFramer(options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES);
  const budget = new DecodeBudget(blob.size, options.maxDecodedBytes);
  let opener: RecordOpener | undefined;

  let spent: Uint8Array | undefined;
  const openBatch = async (): Promise<WholeBatch> => {
    const { firstIndex, byteOffsets } = framer;
    try {
      const { memory, records } = await (opener as RecordOpener).open(framer.batch);
      spent = memory;
      const { isLegacy } = opener as RecordOpener;
      if (isLegacy && !budget.takeLegacy(records())) throw framer.damaged(TOO_MUCH);
      return { records, firstIndex, byteOffsets, isLegacy };
    } catch (error) {
      throw error instanceof OpenFailure ? await explain(error, framer, blob, options) : error;
    }
  };

  /** Yields whenever a batch is full, or (true) when the frame needs what is seldom loaded. */
  const fill = function* (chunk: Uint8Array): Generator<boolean, void, void> {
    for (const piece of frame.push(chunk)) {
      if (piece === undefined) {
        yield true;
        continue;
      }
      if (!budget.take(piece.bytes.length, opener?.isLegacy ?? false)) throw framer.damaged(TOO_MUCH);
      for (let at = 0; at < piece.bytes.length; ) {
        at = framer.push(piece, at);
        if (framer.isFull) yield false;
      }
    }
  };

  let start: Uint8Array = new Uint8Array();
  let failure: unknown;
  for await (let chunk of readChunks(blob, options, hash)) {
    if (opener === undefined) {
      chunk = start = joinBytes([start, chunk]);
      if (start.length < HEADER_BYTES + FRAME_START_BYTES) continue;
      checkHeader(start);
      opener = new RecordOpener(cipher, start.subarray(2, HEADER_BYTES), pace);
      chunk = start.subarray(HEADER_BYTES);
    }
    for (let at = 0; at < chunk.length && failure === undefined; at += STEP_BYTES) {
      const filling = fill(chunk.subarray(at, at + STEP_BYTES));
      for (;;) {
        let needsRare: boolean | void;
        try {
          needsRare = filling.next().value;
        } catch (error) {
          failure = error;
          break;
        }
        if (needsRare === undefined) break;
        if (needsRare) {
          frame.rare = await import("../zstd/rare.ts");
          continue;
        }
        yield* inParts(await openBatch(), pace);
        if (spent !== undefined) release(spent);
        framer.clear();
        await pace.rest();
      }
      await pace.rest();
    }
    if (failure !== undefined) break;
  }
  if (opener === undefined) {
    checkHeader(start);
    throw truncated(start.length);
  }
  // What came whole is judged first: it stands before whatever else is wrong.
  const isPartial = framer.dropPartial();
  if (!framer.isEmpty) yield* inParts(await openBatch(), pace);
  if (failure !== undefined) throw failure;
  frame.end();
  if (isPartial) throw framer.damaged("the archive ends within a record");
}
