import { NONCE_BYTES } from "../crypto/nonceCounter.ts";
import type { RecordCipher } from "../crypto/recordCipher.ts";
import { RecordSealer } from "../crypto/recordSealer.ts";
import { ArchiveError } from "../model/archiveError.ts";
import { joinBytes } from "../util/joinBytes.ts";
import { Pace } from "../util/pace.ts";
import { ARCHIVE_VERSION } from "../read/openArchive.ts";
import { type ArchiveWorkOptions, DEFAULT_MAX_RECORD_BYTES } from "../read/archiveReadOptions.ts";
import { LeadPlanner } from "./leadPlanner.ts";
import { StoredFrame } from "./storedFrame.ts";

/** How much is sealed at a time. */
const BATCH_BYTES = 262_144;

/** How to write an archive. */
export type ArchiveWriteOptions = Pick<ArchiveWorkOptions, "signal" | "primitives">;

/**
 * Writes batches of plaintexts, the metadata first, as an import-safe archive; a batch is not looked at after the next one
 * was asked for. `nonce` is for test vectors alone.
 */
export async function* sealArchive(
  plaintexts: AsyncIterable<readonly Uint8Array[]> | Iterable<readonly Uint8Array[]>,
  cipher: RecordCipher,
  signal: AbortSignal | undefined,
  nonce: Uint8Array = crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
): AsyncGenerator<Uint8Array, void, void> {
  const pace = new Pace(signal);
  const sealer = new RecordSealer(cipher, nonce, pace);
  const planner = new LeadPlanner();
  const frame = new StoredFrame(joinBytes([Uint8Array.of(ARCHIVE_VERSION, 0), nonce]));
  const empty = new Uint8Array();
  let recordIndex = 0;

  const seal = async (): Promise<Uint8Array> => {
    const blocks = frame.push(await sealer.seal());
    await pace.rest();
    return blocks;
  };

  for await (const some of plaintexts) {
    for (const plaintext of some) {
      if (plaintext.length > DEFAULT_MAX_RECORD_BYTES) {
        const message = `a record of ${plaintext.length} bytes is over the limit of ${DEFAULT_MAX_RECORD_BYTES}`;
        throw new ArchiveError("ARCHIVE_INVALID_RECORD", message, { recordIndex });
      }
      for (let count = planner.emptyRecordsBefore(plaintext.length); count > 0; count--) sealer.add(empty);
      sealer.add(plaintext);
      recordIndex++;
      if (sealer.pendingBytes >= BATCH_BYTES) yield await seal();
    }
  }
  const blocks = await seal();
  sealer.end();
  yield blocks;
  yield frame.end();
}
