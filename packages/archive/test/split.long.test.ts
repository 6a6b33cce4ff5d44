import { zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeRecord } from "../src/protobuf/recordCodec.ts";
import { type ArchiveChunk, type ArchiveRecord, type ArchiveSplitOptions, splitArchive, validateArchive } from "../src/index.ts";
import { read, testKey, toBlob, write } from "../test-support/archives.ts";
import { frameLayout } from "../test-support/frameLayout.ts";
import { runImporter } from "../test-support/importerModel.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";
import { runs } from "../../../test/runs.ts";

const chunkKey = new Uint8Array(32).fill(0x77);

const split = async (archive: Uint8Array, options: Partial<ArchiveSplitOptions> = {}) => {
  const { report, chunks } = await splitArchive(toBlob(archive), testKey, { chunkKey, primitives: nodePrimitives, ...options });
  const list: ArchiveChunk[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return { report, list };
};
const splitRecords = async (records: ArchiveRecord[], options?: Partial<ArchiveSplitOptions>) =>
  split(await writeSdkLike(records.map(encodeRecord), testKey), options);
const kindsOf = (records: ArchiveRecord[]) => records.map(({ kind }) => kind);

describe("splitArchive", () => {
  test("default", async () => {
    const { report, list } = await splitRecords(sampleRecords(5));
    expect(report).toMatchObject({ importable: { conversations: 2, messages: 5 } });
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({ index: 0, consent: 2, conversations: 2, messages: 5, doneMessages: 5 });
    expect(await read((list[0] as ArchiveChunk).bytes, chunkKey)).toEqual(sampleRecords(5));
  });

  test("parameters: messagesPerChunk", async () => {
    const { list } = await splitRecords(sampleRecords(10), { messagesPerChunk: 4 });
    expect(list.map(({ consent, conversations, messages, doneMessages }) => [consent, conversations, messages, doneMessages])).toEqual([
      [2, 2, 4, 4],
      [0, 0, 4, 8],
      [0, 0, 2, 10],
    ]);
    const last = await read((list[2] as ArchiveChunk).bytes, chunkKey);
    expect(kindsOf(last)).toEqual(["metadata", "message", "message"]);
  });

  test("parameters: maxChunkBytes", async () => {
    const records = [
      metadataRecord(),
      groupRecord(1),
      ...Array.from({ length: 9 }, (_, at) => messageRecord(at, 1, new Uint8Array(40_000))),
    ];
    const { list } = await splitRecords(records, { maxChunkBytes: 100_000 });
    expect(list.map(({ messages }) => messages)).toEqual([3, 3, 3]);
    for (const { bytes } of list) expect(bytes.length).toBeLessThan(130_000);
  });

  test("parameters: firstChunk", async () => {
    const archive = await write(sampleRecords(10));
    const { list: all } = await split(archive, { messagesPerChunk: 3 });
    const { list: rest } = await split(archive, { messagesPerChunk: 3, firstChunk: 2 });
    expect(rest.map(({ index, doneMessages }) => [index, doneMessages])).toEqual([
      [2, 9],
      [3, 10],
    ]);
    for (const chunk of rest) {
      expect(await read(chunk.bytes, chunkKey)).toEqual(await read((all[chunk.index] as ArchiveChunk).bytes, chunkKey));
    }
  });

  test("behavior: an empty archive is one chunk", async () => {
    const { list } = await splitRecords([metadataRecord()]);
    expect(list.map(({ bytes: _, release: __, ...counts }) => counts)).toEqual([
      { index: 0, consent: 0, conversations: 0, conversationIds: [], messages: 0, doneMessages: 0 },
    ]);
  });

  test("behavior: consent alone, in chunks too, and first wherever it stands", async () => {
    const consent = Array.from({ length: 25 }, (_, at) => consentRecord(at));
    const { list } = await splitRecords([metadataRecord(), groupRecord(1), messageRecord(1, 1), ...consent], { messagesPerChunk: 10 });
    expect(list.map((chunk) => [chunk.consent, chunk.messages])).toEqual([
      [10, 0],
      [10, 0],
      [5, 1],
    ]);
  });

  test("behavior: 10,000 conversations without messages", async () => {
    const groups = Array.from({ length: 10_000 }, (_, at) => groupRecord(at));
    const { list, report } = await splitRecords([metadataRecord(), ...groups, messageRecord(1, 5)]);
    expect(report.importable).toEqual({ conversations: 10_000, messages: 1 });
    expect(list).toHaveLength(10);
    expect(list.reduce((total, { conversations }) => total + conversations, 0)).toBe(10_000);
    for (const { bytes } of list) expect(bytes.length).toBeLessThan(1_000_000);
  });

  test("behavior: what can't be imported is left out, and counted", async () => {
    const records = [
      metadataRecord(),
      consentRecord(1, { entityType: "address" }),
      messageRecord(1, 1),
      messageRecord(1, 1),
      messageRecord(2, 1, new Uint8Array(), { kind: "unspecified" }),
      messageRecord(3, 9),
      groupRecord(1),
      groupRecord(2, { conversationType: 44 }),
      groupRecord(1, { rotatedAtNs: 0n }),
      { kind: "event", event: Uint8Array.of(8, 1) } as const,
    ];
    const { list, report } = await splitRecords(records);
    expect(report).toMatchObject({ orphanMessages: 1, unimportableRecords: 3, duplicates: { messages: 1, groups: 1 } });
    expect(await read((list[0] as ArchiveChunk).bytes, chunkKey)).toEqual([metadataRecord(), groupRecord(1), messageRecord(1, 1)]);
  });

  test("behavior: unknown fields are carried over as they stand", async () => {
    const unknownFields = Uint8Array.of(0xc2, 0x3e, 3, 1, 2, 3);
    const records = [
      metadataRecord({ unknownFields }),
      groupRecord(1, { unknownFields }),
      messageRecord(1, 1, new Uint8Array(), { unknownFields }),
    ];
    const { list } = await splitRecords(records);
    expect(await read((list[0] as ArchiveChunk).bytes, chunkKey)).toEqual(records);
  });

  test("behavior: each chunk is safe, and imported in order they place everything once", { timeout: 120_000 }, async () => {
    const message = fc.record({ group: fc.nat(12), size: fc.oneof(fc.nat(300), fc.nat(12_000)) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 60 }),
        fc.uniqueArray(fc.nat(12), { maxLength: 12 }),
        fc.nat(12),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1000, max: 60_000 }),
        fc.boolean(),
        async (messages, groups, consents, messagesPerChunk, maxChunkBytes, groupsLast) => {
          const groupRecords = groups.map((group) => groupRecord(group));
          const messageRecords = messages.map(({ group, size }, at) => messageRecord(at, group, new Uint8Array(size)));
          const consentRecords = Array.from({ length: consents }, (_, at) => consentRecord(at));
          const body = groupsLast ? [...messageRecords, ...groupRecords] : [...groupRecords, ...messageRecords];
          const { list } = await splitRecords([metadataRecord(), ...body, ...consentRecords], { messagesPerChunk, maxChunkBytes });
          const seen: string[] = [];
          const seenGroups = new Set<string>();
          let seenConsent = 0;
          for (const { bytes, messages: count } of list) {
            const layout = frameLayout(bytes, (frame) => zstdDecompressSync(frame));
            expect(runImporter(bytes, layout, { waits: () => Infinity }).outcome).toBe("imported");
            const found = await validateArchive(toBlob(bytes), chunkKey, { primitives: nodePrimitives });
            expect(found).toMatchObject({ misplacedMessages: 0, unimportableRecords: 0, counts: { messages: count } });
            for (const record of await read(bytes, chunkKey)) {
              if (record.kind === "message") {
                expect(seenGroups).toContain(record.message.groupId);
                seen.push(record.message.id);
              }
              if (record.kind === "group") {
                expect(seenGroups).not.toContain(record.group.id);
                seenGroups.add(record.group.id);
              }
              if (record.kind === "consent") seenConsent++;
            }
          }
          const placeable = messages.flatMap(({ group }, at) => (groups.includes(group) ? [idOf(at, 32)] : []));
          expect(seen).toEqual(placeable);
          expect(seenGroups.size).toBe(groups.length);
          expect(seenConsent).toBe(consents);
        },
      ),
      { numRuns: runs(120) },
    );
  });

  test("behavior: a damaged archive is refused before the first chunk", async () => {
    const archive = await write(sampleRecords(100));
    archive[archive.length - 5] = (archive[archive.length - 5] as number) ^ 1;
    await expect(split(archive)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    await expect(split(archive, { chunkKey: new Uint8Array(5) })).rejects.toMatchObject({ code: "ARCHIVE_INVALID_KEY" });
  });

  test("parameters: signal", async () => {
    const archive = await write(sampleRecords(100));
    const controller = new AbortController();
    const { chunks } = await splitArchive(toBlob(archive), testKey, { chunkKey, messagesPerChunk: 10, signal: controller.signal });
    const reason = new Error("enough");
    let made = 0;
    const reading = (async () => {
      for await (const _ of chunks) if (++made === 3) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    expect(made).toBe(3);
  });
});
