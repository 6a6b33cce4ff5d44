import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArchiveMergeOptions, type ArchiveRecord, mergeArchives, splitArchive } from "../src/index.ts";
import { collect, read, testKey, toBlob, write } from "../test-support/archives.ts";
import { recordArbitrary } from "../test-support/arbitraries.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { strictImport } from "../test-support/strictImporter.ts";
import { runs } from "../../../test/runs.ts";

const [alice, bob, carol] = [idOf(1001, 32), idOf(1002, 32), idOf(1003, 32)] as const;
const dm = (number: number, dmId: string) => groupRecord(number, { conversationType: "dm", dmId });
const pair = `dm:${alice}:${bob}`;
const says = (number: number, group: number, senderInboxId: string) => messageRecord(number, group, new Uint8Array(), { senderInboxId });

const merge = async (inputs: readonly ArchiveRecord[][], options: ArchiveMergeOptions = { leaveOutRefused: true }) => {
  const blobs = await Promise.all(
    inputs.map(async (records, at) => toBlob(await write([metadataRecord({ exportedAtNs: BigInt(at) }), ...records]))),
  );
  const { stream, report } = await mergeArchives(
    blobs.map((blob) => ({ blob, key: testKey })),
    testKey,
    options,
  );
  const bytes = await collect(stream);
  return { bytes, report, records: await read(bytes) };
};
const messagesIn = (records: readonly ArchiveRecord[]) =>
  records.flatMap((record) => (record.kind === "message" ? [Number.parseInt(record.message.id.slice(0, 8), 16)] : []));

/** One record each that an importer refuses a whole archive for, and the message that goes with it. */
const refused: Record<string, ArchiveRecord[]> = {
  "a DM id in upper case": [dm(2, pair.toUpperCase()), says(2, 2, alice)],
  "a DM id in the other order": [dm(2, `dm:${bob}:${alice}`), says(2, 2, alice)],
  "a DM id of one person": [dm(2, `dm:${alice}:${alice}`), says(2, 2, alice)],
  "a DM without its id": [groupRecord(2, { conversationType: "dm" }), says(2, 2, alice)],
  "a DM message by somebody else": [dm(2, pair), says(2, 2, carol)],
  "a DM message by nobody": [dm(2, pair), says(2, 2, "")],
  "a DM message that stands before the DM": [says(2, 2, carol), dm(2, pair)],
  "a group without a type": [groupRecord(2, { conversationType: "unspecified" }), says(2, 2, alice)],
  "a group with a short id": [groupRecord(2, { id: "00" })],
  "a message without a kind": [groupRecord(2), messageRecord(2, 2, new Uint8Array(), { kind: "unspecified" })],
  "a message without a delivery status": [groupRecord(2), messageRecord(2, 2, new Uint8Array(), { deliveryStatus: "unspecified" })],
  "a message with a short group id": [messageRecord(2, 2, new Uint8Array(), { groupId: "00" })],
  "consent for nothing": [consentRecord(2, { entityType: "unspecified" })],
  "consent for an address": [consentRecord(2, { entityType: "address" })],
  "consent without a state": [consentRecord(2, { state: "unspecified" })],
  "a malformed event": [{ kind: "event", event: Uint8Array.of(8) }],
  "a malformed message": [{ kind: "unreadable", bytes: Uint8Array.of(0x1a, 0x7f) }],
  "a malformed group": [{ kind: "unreadable", bytes: Uint8Array.of(0x12, 2, 0x0a, 9) }],
};

describe("what is written, a strict importer takes", () => {
  test.each(Object.entries(refused))("behavior: a merge leaves out %s, and nothing else", async (_, records) => {
    const whole = await write([metadataRecord(), groupRecord(1), ...records, says(1, 1, carol)]);
    await expect(strictImport(whole, testKey)).rejects.toThrow(/^a /);
    const merged = await merge([[groupRecord(1), ...records, says(1, 1, carol)]]);
    await strictImport(merged.bytes, testKey);
    expect(messagesIn(merged.records)).toEqual([1]);
    const { report } = merged;
    expect(report.messages).toBe(1);
    expect(report.refused.length + report.refusedRecords + report.unreadableRecords).toBeGreaterThan(0);
    expect(report.orphans).toEqual([]);
  });

  test("behavior: of a conversation or a message, a sound record in an older archive counts", async () => {
    const { bytes, records, report } = await merge([
      [dm(2, pair), says(2, 2, alice)],
      [dm(2, `dm:${bob}:${alice}`), messageRecord(2, 2, new Uint8Array(), { kind: "unspecified", senderInboxId: alice })],
    ]);
    await strictImport(bytes, testKey);
    expect(records.slice(1)).toEqual([dm(2, pair), says(2, 2, alice)]);
    expect(report).toMatchObject({ messages: 1, refused: [], refusedRecords: 1 });
  });

  test("behavior: what is left out is reported by conversation", async () => {
    const { report } = await merge([
      [dm(1, pair), says(1, 1, alice), says(2, 1, carol), dm(2, pair.toUpperCase()), says(3, 2, alice), says(4, 2, bob)],
    ]);
    expect(report).toMatchObject({
      conversations: 1,
      messages: 1,
      refused: [
        { id: idOf(1, 16), messageCount: 1 },
        { id: idOf(2, 16), messageCount: 2 },
      ],
    });
  });

  test("parameters: leaveOutRefused: without it a merge copies what the SDK's records say", async () => {
    const { records, report } = await merge([[dm(2, pair.toUpperCase()), says(2, 2, alice)]], {});
    expect(records.slice(1)).toEqual([dm(2, pair.toUpperCase()), says(2, 2, alice)]);
    expect(report).toMatchObject({ messages: 1, refused: [], refusedRecords: 0 });
  });

  test("behavior: whatever the records, for merges and for chunks", async () => {
    const records = fc.array(fc.oneof(recordArbitrary, fc.constantFrom(...sampleRecords().slice(1), ...Object.values(refused).flat())), {
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(records, { minLength: 1, maxLength: 3 }), async (inputs) => {
        const { bytes, report } = await merge(inputs);
        const kinds = await strictImport(bytes, testKey);
        expect(kinds.filter((kind) => kind === "message")).toHaveLength(report.messages);
        const whole = toBlob(await write([metadataRecord(), ...inputs.flat()]));
        const { chunks } = await splitArchive(whole, testKey, { chunkKey: testKey, messagesPerChunk: 1000 });
        for await (const chunk of chunks) await strictImport(chunk.bytes, testKey);
      }),
      { numRuns: runs(100) },
    );
  });

  test("behavior: metadata, consent, groups and messages stand in this order", async () => {
    const { bytes } = await merge([sampleRecords(2).slice(1).toReversed()]);
    expect(await strictImport(bytes, testKey)).toEqual(["metadata", "consent", "consent", "group", "group", "message", "message"]);
  });
});
