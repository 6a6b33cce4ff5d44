import { describe, expect, test } from "vitest";
import {
  type ArchiveChunkOptions,
  type ArchiveInspection,
  inspectArchive,
  previewArchive,
  splitArchive,
  validateArchive,
} from "../src/index.ts";
import { read, testKey, toBlob, write } from "../test-support/archives.ts";
import { textContent } from "../test-support/contents.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";

const chunkKey = new Uint8Array(32).fill(0x77);

const recordsOf = async (chunks: ReturnType<ArchiveInspection["chunks"]>) => {
  const list = [];
  for await (const { bytes } of chunks) list.push(await read(bytes, chunkKey));
  return list;
};

describe("inspectArchive", () => {
  test("default: tells in one pass what validating, previewing and splitting tell", async () => {
    const archive = toBlob(await write(sampleRecords(10)));
    const { report, preview, chunks } = await inspectArchive(archive, testKey);
    expect(report).toEqual(await validateArchive(archive, testKey));
    expect(await preview()).toEqual(await previewArchive(archive, testKey));
    const options: ArchiveChunkOptions = { chunkKey, messagesPerChunk: 4 };
    expect(await recordsOf(chunks(options))).toEqual(await recordsOf((await splitArchive(archive, testKey, options)).chunks));
  });

  test("behavior: chunks can be made again, by other options too", async () => {
    const { chunks } = await inspectArchive(toBlob(await write(sampleRecords(10))), testKey);
    const all = await recordsOf(chunks({ chunkKey, messagesPerChunk: 4 }));
    expect(await recordsOf(chunks({ chunkKey, messagesPerChunk: 4 }))).toEqual(all);
    expect(await recordsOf(chunks({ chunkKey, messagesPerChunk: 4, firstChunk: 1 }))).toEqual(all.slice(1));
    expect(await recordsOf(chunks({ chunkKey }))).toEqual([sampleRecords(10)]);
  });

  test("default: tells the newest decision about each conversation and person", async () => {
    const changed = consentRecord(2, { entityType: "inboxId", state: "allowed", entity: idOf(1002, 32), consentedAtNs: 1n });
    const { decisions } = await inspectArchive(toBlob(await write([...sampleRecords(1), changed])), testKey);
    expect(decisions().map(({ entityType, state }) => [entityType, state])).toEqual([
      ["conversationId", "allowed"],
      ["inboxId", "denied"],
    ]);
  });

  test("default: tells when the messages of each conversation were sent, to the nanosecond and in order", async () => {
    const times = [5n, -1n, 1_763_400_000_123_456_789n, 2n ** 62n + 1n];
    const messages = times.map((sentAtNs, index) => messageRecord(index + 1, 1, textContent("text"), { sentAtNs }));
    const unsent = messageRecord(9, 1, textContent("never sent"), { sentAtNs: 3n, deliveryStatus: "failed" });
    const { sentTimes } = await inspectArchive(
      toBlob(await write([metadataRecord(), groupRecord(1), groupRecord(2), ...messages, unsent])),
      testKey,
    );
    expect([...(await sentTimes())].map(([id, sent]) => [id, [...sent]])).toEqual([
      [idOf(1, 16), [...times].sort((a, b) => (a < b ? -1 : 1))],
      [idOf(2, 16), []],
    ]);
  });

  test("behavior: an inspection that is aborted later gives no times", async () => {
    const abort = new AbortController();
    const { sentTimes } = await inspectArchive(toBlob(await write(sampleRecords(3))), testKey, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(sentTimes()).rejects.toThrow("enough");
  });

  test("behavior: says which groups the user had left", async () => {
    const left = sampleRecords(1).map((record) =>
      record.kind === "group" ? { ...record, group: { ...record.group, membershipState: "pendingRemove" as const } } : record,
    );
    for (const [records, hasLeft] of [
      [left, true],
      [sampleRecords(1), undefined],
    ] as const) {
      const { conversations } = await (await inspectArchive(toBlob(await write(records)), testKey)).preview();
      expect(new Set(conversations.map((conversation) => conversation.hasLeft))).toEqual(new Set([hasLeft]));
    }
  });

  test("behavior: says of which conversations the messages disappear after a time", async () => {
    const timed = (inNs: bigint) =>
      sampleRecords(3).map((record) =>
        record.kind === "group"
          ? { ...record, group: { ...record.group, messageDisappearFromNs: 1n, messageDisappearInNs: inNs } }
          : record,
      );
    for (const [inNs, disappears] of [
      [60_000_000_000n, true],
      [0n, undefined],
    ] as const) {
      const { report } = await inspectArchive(toBlob(await write(timed(inNs))), testKey);
      expect(new Set(report.conversations.map((conversation) => conversation.disappears))).toEqual(new Set([disappears]));
    }
  });

  test("behavior: a key for chunks that is none is refused", async () => {
    const { chunks } = await inspectArchive(toBlob(await write(sampleRecords(1))), testKey);
    await expect(recordsOf(chunks({ chunkKey: new Uint8Array(31) }))).rejects.toMatchObject({ code: "ARCHIVE_INVALID_KEY" });
  });

  test("parameters: expectedSha256", async () => {
    const archive = toBlob(await write(sampleRecords(1)));
    await expect(inspectArchive(archive, testKey, { expectedSha256: "00".repeat(32) })).rejects.toMatchObject({
      code: "ARCHIVE_HASH_MISMATCH",
    });
  });
});
