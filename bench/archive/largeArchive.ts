import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type ArchiveRecord, writeArchive } from "@xmtp-backup/archive";
import { groupRecord, messageRecord, metadataRecord } from "../../packages/archive/test-support/records.ts";
import { nodePrimitives } from "../../packages/node/src/host/nodePrimitives.ts";
import { benchKey } from "./benchKey.ts";

/** Which messages an archive holds: so many, with numbers from `first` on in steps of `step`. */
export type LargeArchive = { messages: number; contentBytes: number; first?: number; step?: number };

const groups = 100;

function* recordsOf({ messages, contentBytes, first = 0, step = 1 }: LargeArchive): Generator<ArchiveRecord> {
  const content = new Uint8Array(contentBytes).fill(0x61);
  yield metadataRecord();
  for (let group = 0; group < groups; group += 1) yield groupRecord(group);
  for (let index = 0; index < messages; index += 1) {
    const number = first + index * step;
    yield messageRecord(number, number % groups, content);
  }
}

/** Writes an archive of many messages to a file, record by record. */
export async function writeLargeArchive(path: string, shape: LargeArchive): Promise<void> {
  const stream = writeArchive(recordsOf(shape), benchKey, { primitives: nodePrimitives });
  await pipeline(Readable.fromWeb(stream as never), createWriteStream(path));
}
