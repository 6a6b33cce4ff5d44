import type { Pace } from "../util/pace.ts";
import type { RecordGcm } from "./archivePrimitives.ts";
import { type BatchLayout, TAG_BYTES } from "./batchLayout.ts";
import type { NonceCounter } from "./nonceCounter.ts";

/** Records that are under way at a time: more are no faster, and hold a slow page for longer. */
const TOGETHER = 64;

/** Whether the records of a batch are long enough for a call each. */
export const isForEach = ({ fromBytes }: RecordGcm, { lengths }: BatchLayout): boolean =>
  lengths.reduce((total, length) => total + length, 0) >= fromBytes * lengths.length;

/** Works on each record of a batch with its nonce, which moves on by one per record, unless `isConstant`; the results in order. */
const eachRecord = async (
  batch: BatchLayout,
  nonce: NonceCounter,
  isConstant: boolean,
  pace: Pace,
  work: (nonce: Uint8Array, start: number, length: number, index: number) => Promise<Uint8Array>,
): Promise<Uint8Array[]> => {
  const { starts, lengths } = batch;
  const results: Uint8Array[] = [];
  for (let from = 0; from < starts.length; from += TOGETHER) {
    const under: Promise<Uint8Array>[] = [];
    for (let index = from; index < Math.min(from + TOGETHER, starts.length); index++) {
      under.push(work(nonce.toBytes(), starts[index] as number, lengths[index] as number, index));
      if (!isConstant) nonce.increment();
    }
    results.push(...(await Promise.all(under)));
    await pace.rest();
  }
  return results;
};

/** Opens each record into new memory. It rejects when one is not authentic, and leaves the batch as it was. */
export const openEach = async (
  gcm: RecordGcm,
  batch: BatchLayout,
  nonce: NonceCounter,
  isConstant: boolean,
  pace: Pace,
): Promise<Uint8Array[]> => {
  try {
    return await eachRecord(batch, nonce, isConstant, pace, (recordNonce, start, length, index) => {
      const tag = batch.tagOffset(index);
      const end = start + length + TAG_BYTES;
      // What stands between the content and its tag is as long as a tag: the record needs no memory of its own.
      batch.bytes.copyWithin(start + length, tag, tag + TAG_BYTES);
      return gcm.open(recordNonce, batch.bytes.subarray(start, end));
    });
  } catch (error) {
    batch.starts.forEach((_, index) => {
      const tag = batch.tagOffset(index);
      const bytes = batch.bytes.slice(tag, tag + TAG_BYTES);
      batch.fillUp(index);
      batch.bytes.set(bytes, tag);
    });
    throw error;
  }
};

/** Seals each record in its place: its content becomes ciphertext, and its tag stands where the batch has it. */
export const sealEach = async (gcm: RecordGcm, batch: BatchLayout, nonce: NonceCounter, pace: Pace): Promise<void> => {
  const seal = (recordNonce: Uint8Array, start: number, length: number) =>
    gcm.seal(recordNonce, batch.bytes.subarray(start, start + length));
  const sealed = await eachRecord(batch, nonce, false, pace, seal);
  sealed.forEach((bytes, index) => {
    const length = batch.lengths[index] as number;
    batch.bytes.set(bytes.subarray(0, length), batch.starts[index]);
    batch.bytes.set(bytes.subarray(length), batch.tagOffset(index));
  });
};
