import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { testKey, write } from "../../test-support/archives.ts";
import { nodePrimitives } from "../../test-support/nodePrimitives.ts";
import { groupRecord, messageRecord, metadataRecord } from "../../test-support/records.ts";
import { Pace } from "./pace.ts";
import { validateArchive } from "../inspect/validateArchive.ts";
import { createArchiveMerge } from "../merge/createArchiveMerge.ts";
import { openArchive } from "../read/openArchive.ts";

let nowMs = 0;
let turns: number;

beforeEach(() => {
  turns = 0;
  // No work has been going on for long.
  nowMs += 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  const Channel = MessageChannel;
  vi.stubGlobal(
    "MessageChannel",
    class extends Channel {
      constructor() {
        super();
        turns += 1;
      }
    },
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Work that begins after a while gives the event loop a turn first. */
const begin = async (): Promise<Pace> => {
  const pace = new Pace(undefined);
  await pace.rest();
  expect(turns).toBe(1);
  turns = 0;
  return pace;
};

test("default: work that has taken its slice of time gives the event loop a turn, and has a slice again", async () => {
  const pace = await begin();
  const turnsAfter: number[] = [];
  for (const spentMs of [7, 1, 7, 1, 100]) {
    nowMs += spentMs;
    await pace.rest();
    turnsAfter.push(turns);
  }
  expect(turnsAfter).toEqual([0, 1, 1, 2, 3]);
});

test("behavior: pieces of work that follow each other share a slice", async () => {
  await begin();
  const turnsAfter: number[] = [];
  for (const spentMs of [5, 5, 5, 5, 5]) {
    const pace = new Pace(undefined);
    nowMs += spentMs;
    await pace.rest();
    turnsAfter.push(turns);
  }
  expect(turnsAfter).toEqual([0, 1, 1, 2, 2]);
});

test.each([
  ["in small parts", undefined, 32_768],
  ["in parts as large as the platform says", 131_072, 131_072],
])("behavior: an archive is decrypted %s, between which a slow machine gives way", async (_, partBytes, longest) => {
  const archive = new Blob([
    await write([
      metadataRecord(),
      groupRecord(1),
      ...Array.from({ length: 10 }, (_, number) => messageRecord(number, 1, new Uint8Array(100_000))),
    ]),
  ]);
  turns = 0;
  const parts: number[] = [];
  const aes256 = (key: Uint8Array) => {
    const { encryptBlocks, authenticate } = nodePrimitives.aes256!(key);
    return {
      ...(partBytes !== undefined && { partBytes }),
      ...(authenticate && { authenticate }),
      encryptBlocks: (blocks: Uint8Array) => {
        parts.push(blocks.length);
        nowMs += 8;
        return encryptBlocks(blocks);
      },
    };
  };
  await validateArchive(archive, testKey, { primitives: { ...nodePrimitives, aes256 } });
  expect(Math.max(...parts)).toBe(longest);
  expect(turns).toBeGreaterThanOrEqual(parts.length - 1);
});

test("behavior: whoever works on the records of a batch gives way too", async () => {
  const messages = Array.from({ length: 1_500 }, (_, number) => messageRecord(number, 1, new Uint8Array()));
  const archive = new Blob([await write([metadataRecord(), groupRecord(1), ...messages])]);
  turns = 0;
  const parts: { firstIndex: number; count: number; offsets: number }[] = [];
  for await (const { firstIndex, records, byteOffsets } of openArchive(archive, testKey, { primitives: nodePrimitives })) {
    parts.push({ firstIndex, count: records.length, offsets: byteOffsets.length });
    nowMs += 8;
  }
  expect(Math.max(...parts.map(({ count }) => count))).toBe(32);
  expect(parts.reduce((total, { count }) => total + count, 0)).toBe(1_502);
  let next = 0;
  for (const { firstIndex, count, offsets } of parts) {
    expect([firstIndex, offsets]).toEqual([next, count]);
    next += count;
  }
  expect(turns).toBeGreaterThanOrEqual(parts.length - 1);
});

test("behavior: a merge gives way after each conversation, however many there are", async () => {
  const ids = Array.from({ length: 300 }, (_, number) => number);
  const records = [metadataRecord(), ...ids.map((id) => groupRecord(id)), ...ids.map((id) => messageRecord(id, id, new Uint8Array()))];
  const merging = createArchiveMerge({ primitives: nodePrimitives, leaveOutDeleted: true });
  for (let copy = 0; copy < 2; copy++) await merging.add({ blob: new Blob([await write(records)]), key: testKey });
  turns = 0;
  vi.mocked(performance.now).mockImplementation(() => (nowMs += 8));
  const { report } = await merging.finish(testKey);
  expect(report.conversations).toBe(300);
  // Those of both archives to decide, and those of the new one to write.
  expect(turns).toBeGreaterThanOrEqual(900);
});
