import type { Pace } from "../util/pace.ts";
import type { RecordGcm } from "./archivePrimitives.ts";
import { type BatchLayout, TAG_BYTES } from "./batchLayout.ts";
import type { NonceCounter } from "./nonceCounter.ts";

/** Records that are under way at a time: more are no faster, and hold a slow page for longer. */
const TOGETHER = 64;

/** Whether the records of a batch are long enough for a call each. */
export const isForEach = ({ fromBytes }: RecordGcm, { lengths }: BatchLayout): boolean =>
  lengths.reduce((total, length) => total + length, 0) >= fromBytes * lengths.length;

/** Works on each record of a batch with its nonce, which moves on by one per record, unless `isConstant`. */
const eachRecord = async (
  batch: BatchLayout,
  nonce: NonceCounter,
  isConstant: boolean,
  pace: Pace,
  work: (nonce: Uint8Array, index: number, start: number, length: number) => Promise<void>,
): Promise<void> => {
  const { starts, lengths } = batch;
  for (let from = 0; from < starts.length; from += TOGETHER) {
    const under: Promise<void>[] = [];
    for (let index = from; index < Math.min(from + TOGETHER, starts.length); index++) {
      under.push(work(nonce.toBytes(), index, starts[index] as number, lengths[index] as number));
      if (!isConstant) nonce.increment();
    }
    await Promise.all(under);
    await pace.rest();
  }
};

/** Opens each record into new memory, where the batch has it. It rejects when one is not authentic, and leaves the batch as it was. */
export const openEach = async (
  gcm: RecordGcm,
  batch: BatchLayout,
  nonce: NonceCounter,
  isConstant: boolean,
  pace: Pace,
): Promise<Uint8Array> => {
  const memory = new Uint8Array(batch.length);
  await eachRecord(batch, nonce, isConstant, pace, async (recordNonce, index, start, length) => {
    const sealed = new Uint8Array(length + TAG_BYTES);
    sealed.set(batch.bytes.subarray(start, start + length));
    const tag = batch.tagOffset(index);
    sealed.set(batch.bytes.subarray(tag, tag + TAG_BYTES), length);
    memory.set(await gcm.open(recordNonce, sealed), start);
  });
  return memory;
};

/** Seals each record in its place: its content becomes ciphertext, and its tag stands where the batch has it. */
export const sealEach = (gcm: RecordGcm, batch: BatchLayout, nonce: NonceCounter, pace: Pace): Promise<void> =>
  eachRecord(batch, nonce, false, pace, async (recordNonce, index, start, length) => {
    const sealed = await gcm.seal(recordNonce, batch.bytes.subarray(start, start + length));
    batch.bytes.set(sealed.subarray(0, length), start);
    batch.bytes.set(sealed.subarray(length), batch.tagOffset(index));
  });
