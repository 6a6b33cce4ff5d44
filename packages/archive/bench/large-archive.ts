import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ArchiveRecord, writeArchive } from "../src/index.ts";
import { nodePrimitives } from "../test-support/node-primitives.ts";
import { groupRecord, messageRecord, metadataRecord } from "../test-support/records.ts";

export const benchKey = new Uint8Array(32).fill(0xb5);

export type LargeArchive = { messages: number; contentBytes: number; groups?: number; firstMessage?: number };

function* largeRecords({ messages, contentBytes, groups = 100, firstMessage = 0 }: LargeArchive): Generator<ArchiveRecord> {
  const content = new Uint8Array(contentBytes).fill(0x61);
  yield metadataRecord({ startNs: BigInt(firstMessage) });
  for (let group = 0; group < groups; group++) yield groupRecord(group);
  for (let number = firstMessage; number < firstMessage + messages; number++) yield messageRecord(number, number % groups, content);
}

/** Writes an archive of many messages to a file. */
export const writeLargeArchive = async (path: string, shape: LargeArchive): Promise<void> => {
  const stream = writeArchive(largeRecords(shape), benchKey, { primitives: nodePrimitives });
  await pipeline(Readable.fromWeb(stream as never), createWriteStream(path));
};
