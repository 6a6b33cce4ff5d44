import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { encodeRecord } from "../src/protobuf/recordCodec.ts";
import { WireWriter } from "../src/protobuf/wireWriter.ts";
import { type ArchiveProgress, type ArchiveRecord, readArchive, validateArchive } from "../src/index.ts";
import { testKey, toBlob, write } from "../test-support/archives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";

const report = async (records: ArchiveRecord[]) => validateArchive(toBlob(await write(records)), testKey);

const field = (number: number, bytes: Uint8Array): Uint8Array => {
  const writer = new WireWriter();
  writer.bytes(number, bytes);
  return writer.finish();
};

describe("validateArchive", () => {
  test("default", async () => {
    const archive = await write(sampleRecords());
    const second = (number: number) => 1_763_400_000_000_000_000n + BigInt(number) * 1_000_000_000n;
    expect(await validateArchive(toBlob(archive), testKey)).toEqual({
      version: 0,
      isLegacy: false,
      sizeBytes: archive.length,
      sha256: createHash("sha256").update(archive).digest("hex"),
      metadata: { elements: ["messages", "consent"], exportedAtNs: 1_764_000_000_000_000_000n },
      recordCount: 11,
      counts: { consent: 2, groups: 2, messages: 6, events: 0, empty: 0, unknown: 0, unreadable: 0 },
      importable: { conversations: 2, messages: 6 },
      firstMessageNs: second(0),
      lastMessageNs: second(5),
      conversations: [
        { id: idOf(1, 16), type: "group", messageCount: 3, firstMessageNs: second(0), lastMessageNs: second(4) },
        { id: idOf(2, 16), type: "dm", messageCount: 3, firstMessageNs: second(1), lastMessageNs: second(5) },
      ],
      orphans: [],
      orphanMessages: 0,
      duplicates: { consent: 0, groups: 0, messages: 0 },
      misplacedMessages: 0,
      unimportableRecords: 0,
      unknownKinds: [],
      recordsWithUnknownFields: 0,
    });
  });

  test("behavior: an archive of nothing but metadata", async () => {
    const empty = await report([metadataRecord({ elements: [], startNs: -5n, endNs: 5n })]);
    expect(empty).toMatchObject({ recordCount: 1, importable: { conversations: 0, messages: 0 }, conversations: [] });
    expect(empty.metadata).toEqual({ elements: [], exportedAtNs: 1_764_000_000_000_000_000n, startNs: -5n, endNs: 5n });
    expect("firstMessageNs" in empty).toBe(false);
  });

  test("behavior: orphans, by conversation", async () => {
    const records = [metadataRecord(), groupRecord(1), messageRecord(1, 1), messageRecord(2, 7), messageRecord(3, 7), messageRecord(4, 8)];
    expect(await report(records)).toMatchObject({
      counts: { messages: 4 },
      importable: { conversations: 1, messages: 1 },
      orphanMessages: 3,
      orphans: [
        { id: idOf(7, 16), messageCount: 2 },
        { id: idOf(8, 16), messageCount: 1 },
      ],
    });
  });

  test("behavior: messages before their conversation", async () => {
    const records = [metadataRecord(), messageRecord(1, 1), messageRecord(2, 1), groupRecord(1), messageRecord(3, 1)];
    expect(await report(records)).toMatchObject({ misplacedMessages: 2, orphanMessages: 0, importable: { messages: 3 } });
  });

  test("behavior: duplicates count once", async () => {
    const records = [
      metadataRecord(),
      consentRecord(1),
      consentRecord(1, { consentedAtNs: 5n }),
      consentRecord(1, { entityType: "inboxId" }),
      groupRecord(1),
      groupRecord(1, { lastMessageNs: 1n }),
      messageRecord(1, 1),
      messageRecord(1, 1),
      messageRecord(1, 1),
      messageRecord(2, 1),
    ];
    expect(await report(records)).toMatchObject({
      duplicates: { consent: 1, groups: 1, messages: 2 },
      importable: { conversations: 1, messages: 2 },
      conversations: [{ messageCount: 2 }],
    });
  });

  test("behavior: ids of any length are told apart", async () => {
    const records = [
      metadataRecord(),
      ...["", "00", "0000", "00".repeat(31), "00".repeat(32), "00".repeat(33), "00".repeat(5000)].map((id) =>
        messageRecord(1, 1, new Uint8Array(), { id }),
      ),
      groupRecord(1),
    ];
    expect(await report(records)).toMatchObject({ duplicates: { messages: 0 }, importable: { messages: 7 } });
  });

  test("behavior: what stops an import is found", async () => {
    const records = [
      metadataRecord(),
      consentRecord(1, { entityType: "address" }),
      consentRecord(2, { state: "unspecified" }),
      consentRecord(3, { state: 77 }),
      groupRecord(1),
      groupRecord(2, { conversationType: "unspecified" }),
      groupRecord(3, { conversationType: "dm" }),
      groupRecord(5, { conversationType: "dm", dmId: "dm:alix:bo" }),
      groupRecord(4, { id: "00" }),
      messageRecord(1, 1),
      messageRecord(2, 1, new Uint8Array(), { kind: "unspecified" }),
      messageRecord(3, 1, new Uint8Array(), { deliveryStatus: 9 }),
      messageRecord(4, 1, new Uint8Array(), { groupId: "0011" }),
      // The conversation can't be imported, so that its message has no place.
      messageRecord(5, 2),
    ];
    expect(await report(records)).toMatchObject({
      unimportableRecords: 10,
      importable: { conversations: 1, messages: 1 },
      orphanMessages: 1,
    });
  });

  test("behavior: unknown kinds and fields are counted", async () => {
    const records: ArchiveRecord[] = [
      { ...metadataRecord(), unknownFields: field(9, Uint8Array.of(1)) },
      { kind: "none", unknownFields: field(17, Uint8Array.of(1)) },
      { kind: "none", unknownFields: field(17, Uint8Array.of(2)) },
      { kind: "none", unknownFields: field(18, Uint8Array.of(2)) },
      { kind: "none" },
      { kind: "event", event: Uint8Array.of(8, 1) },
      groupRecord(1, { metadata: { creatorInboxId: "", unknownFields: field(40, Uint8Array.of()) } }),
      messageRecord(1, 1, new Uint8Array(), { unknownFields: field(300, new Uint8Array(300)) }),
    ];
    expect(await report(records)).toMatchObject({
      counts: { empty: 1, unknown: 3, events: 1, groups: 1, messages: 1 },
      unknownKinds: [
        { fieldNumber: 17, count: 2 },
        { fieldNumber: 18, count: 1 },
      ],
      recordsWithUnknownFields: 3,
      unimportableRecords: 0,
    });
  });

  test("behavior: records that protobuf refuses are counted, and do not stop the rest", async () => {
    const message = encodeRecord(messageRecord(1, 1));
    const broken: Uint8Array[] = [
      // A text that is not UTF-8, a wrong wire type, a length past the end, a varint without end, field number 0.
      field(3, field(7, Uint8Array.of(0xff))),
      field(3, Uint8Array.of(0x08, 1)),
      Uint8Array.of(0x1a, 0x7f),
      Uint8Array.of(0x1a, ...new Array<number>(11).fill(0xff)),
      Uint8Array.of(0x02, 0),
      field(2, field(5, Uint8Array.of(0xc0))),
      field(4, Uint8Array.of(0x0a, 0)),
      field(5, Uint8Array.of(8)),
    ];
    const archive = await writeSdkLike([encodeRecord(metadataRecord()), encodeRecord(groupRecord(1)), ...broken, message], testKey);
    const found = await validateArchive(toBlob(archive), testKey);
    expect(found).toMatchObject({ counts: { unreadable: 8 }, unimportableRecords: 8, importable: { conversations: 1, messages: 1 } });
    const kinds = [];
    for await (const record of readArchive(toBlob(archive), testKey)) kinds.push(record.kind);
    expect(kinds).toEqual(["metadata", "group", ...broken.map(() => "unreadable"), "message"]);
  });

  test("behavior: a record with several elements counts as its last", async () => {
    const both = new Uint8Array(Buffer.concat([encodeRecord(consentRecord(1)), encodeRecord(messageRecord(1, 1))]));
    const twice = new Uint8Array(
      Buffer.concat([
        encodeRecord(messageRecord(2, 1, new Uint8Array(3))),
        encodeRecord(messageRecord(2, 1, new Uint8Array(4), { contentType: "reply" })),
      ]),
    );
    const archive = await writeSdkLike([encodeRecord(metadataRecord()), encodeRecord(groupRecord(1)), both, twice], testKey);
    expect(await validateArchive(toBlob(archive), testKey)).toMatchObject({
      counts: { messages: 2, consent: 0 },
      importable: { messages: 2 },
    });
    const records = [];
    for await (const record of readArchive(toBlob(archive), testKey)) records.push(record);
    expect(records[2]).toEqual(messageRecord(1, 1));
    expect(records[3]).toEqual(messageRecord(2, 1, new Uint8Array(4), { contentType: "reply" }));
  });

  test("behavior: an archive of an old SDK", async () => {
    const archive = await writeSdkLike(sampleRecords(300).map(encodeRecord), testKey, { isLegacy: true });
    expect(await validateArchive(toBlob(archive), testKey)).toMatchObject({
      isLegacy: true,
      importable: { conversations: 2, messages: 300 },
    });
  });

  test("behavior: the nonce is a little-endian counter that wraps around", async () => {
    for (const nonce of [
      Uint8Array.of(0xfe, ...new Array<number>(11).fill(0xff)),
      Uint8Array.of(0xf0, 0xff, 0xff, 0xff, 0, 0, 0, 0, 1, 2, 3, 4),
    ]) {
      const archive = await writeSdkLike(sampleRecords(300).map(encodeRecord), testKey, { nonce });
      expect(await validateArchive(toBlob(archive), testKey)).toMatchObject({ importable: { messages: 300 } });
    }
  });

  test("parameters: onProgress", async () => {
    const archive = toBlob(await write([metadataRecord(), messageRecord(1, 1, new Uint8Array(1_500_000))]));
    const seen: ArchiveProgress[] = [];
    await validateArchive(archive, testKey, { onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.at(-1)).toEqual({ doneBytes: archive.size, totalBytes: archive.size });
    expect(seen.map(({ doneBytes }) => doneBytes)).toEqual(seen.map(({ doneBytes }) => doneBytes).toSorted((a, b) => a - b));
  });

  test("parameters: signal", async () => {
    const archive = toBlob(await write(sampleRecords()));
    const reason = new Error("enough");
    await expect(validateArchive(archive, testKey, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const large = toBlob(await write([metadataRecord(), messageRecord(1, 1, new Uint8Array(2_000_000))]));
    const controller = new AbortController();
    const onProgress = () => controller.abort(reason);
    await expect(validateArchive(large, testKey, { signal: controller.signal, onProgress })).rejects.toBe(reason);
  });

  test("behavior: a blob that can't be read is unreadable, for the reason that it gives", async () => {
    const gone = new Error("gone");
    const archive = new Blob([await write(sampleRecords())]);
    const broken = Object.assign(Object.create(archive) as Blob, {
      arrayBuffer: () => Promise.reject(gone),
      slice: () => ({ stream: () => new ReadableStream({ pull: () => Promise.reject(gone) }) }),
    });
    Object.defineProperty(broken, "size", { value: archive.size });
    await expect(validateArchive(broken, testKey)).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE", cause: gone });
  });

  test("behavior: the event loop goes on meanwhile", async () => {
    const records = Array.from({ length: 15_000 }, (_, number) => messageRecord(number, 1));
    const archive = toBlob(await write([metadataRecord(), ...records]));
    let turns = 0;
    let isDone = false;
    const spin = () => {
      turns++;
      if (!isDone) setImmediate(spin);
    };
    setImmediate(spin);
    await validateArchive(archive, testKey);
    isDone = true;
    // Five megabytes in slices of a quarter: far more turns than one for each read of the blob.
    expect(turns).toBeGreaterThan(10);
  });
});
