import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArchiveMetadata, type ArchiveProgress, type ArchiveRecord, mergeArchives, validateArchive } from "../src/index.ts";
import { collect, read, testKey, toBlob, write } from "../test-support/archives.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { runs } from "../../../test/runs.ts";

const newKey = new Uint8Array(32).fill(0x55);
const primitives = nodePrimitives;

const merge = async (...archives: Uint8Array[]) => {
  const inputs = archives.map((bytes) => ({ blob: toBlob(bytes), key: testKey }));
  const { stream, report } = await mergeArchives(inputs, newKey, { primitives });
  const bytes = await collect(stream);
  return { report, bytes, records: await read(bytes, newKey) };
};
const mergeRecords = async (...archives: ArchiveRecord[][]) => merge(...(await Promise.all(archives.map((records) => write(records)))));
const names = (records: ArchiveRecord[]) =>
  records.map((record) =>
    record.kind === "message"
      ? `m${record.message.sequenceId}`
      : record.kind === "group"
        ? `g${record.group.createdAtNs % 1000n}`
        : record.kind,
  );

const at = (exportedAtNs: number, range: Partial<ArchiveMetadata> = {}) => metadataRecord({ exportedAtNs: BigInt(exportedAtNs), ...range });

describe("mergeArchives", () => {
  test("default", async () => {
    const { report, records } = await mergeRecords(
      [at(20, { startNs: 100n, endNs: 200n }), groupRecord(2), messageRecord(3, 1), messageRecord(4, 2)],
      [at(10, { elements: ["consent"], endNs: 100n }), consentRecord(1), groupRecord(1), messageRecord(1, 1), messageRecord(2, 1)],
    );
    expect(names(records)).toEqual(["metadata", "consent", "g1", "g2", "m1", "m2", "m3", "m4"]);
    expect(records[0]).toEqual(at(20, { elements: ["messages", "consent"], endNs: 200n }));
    expect(report).toEqual({
      metadata: { elements: ["messages", "consent"], exportedAtNs: 20n, endNs: 200n },
      consent: 1,
      conversations: 2,
      messages: 4,
      firstMessageNs: 1_763_400_001_000_000_000n,
      lastMessageNs: 1_763_400_004_000_000_000n,
      duplicateMessages: 0,
      deleted: [],
      refused: [],
      orphanMessages: 0,
      orphans: [],
      unreadableRecords: 0,
      refusedRecords: 0,
    });
  });

  test("behavior: slices are written oldest first", async () => {
    const slice = (start: bigint | undefined, end: bigint, message: number) => [
      at(50, { ...(start === undefined ? {} : { startNs: start }), endNs: end }),
      groupRecord(1),
      messageRecord(message, 1),
    ];
    const { records } = await mergeRecords(slice(200n, 300n, 3), slice(undefined, 100n, 1), slice(100n, 200n, 2));
    expect(names(records)).toEqual(["metadata", "g1", "m1", "m2", "m3"]);
  });

  test("behavior: the newest decision of consent is kept", async () => {
    const { records } = await mergeRecords(
      [at(99), consentRecord(1, { state: "denied", consentedAtNs: 5n }), consentRecord(2, { state: "denied", consentedAtNs: 9n })],
      [at(10), consentRecord(1, { state: "allowed", consentedAtNs: 7n }), consentRecord(2, { state: "allowed", consentedAtNs: 9n })],
    );
    const states = records.flatMap((record) => (record.kind === "consent" ? [record.consent.state] : []));
    expect(states.toSorted()).toEqual(["allowed", "denied"]);
    const first = records.find((record) => record.kind === "consent" && record.consent.entity === idOf(1, 16));
    expect(first).toEqual(consentRecord(1, { state: "allowed", consentedAtNs: 7n }));
  });

  test("behavior: conversations are those of the newest export, with the latest time of all", async () => {
    const named = (name: string, lastMessageNs: bigint) =>
      groupRecord(1, { lastMessageNs, mutableMetadata: { attributes: { group_name: name }, adminList: [], superAdminList: [] } });
    const { records } = await mergeRecords([at(10), named("old", 900n)], [at(20), named("new", 500n)]);
    expect(records[1]).toEqual(named("new", 900n));
    const { records: without } = await mergeRecords(
      [at(10), groupRecord(1)],
      [at(20), groupRecord(1, { lastMessageNs: undefined as never })],
    );
    expect(without[1]).toEqual(groupRecord(1));
  });

  test("behavior: of a message in several archives the newest export's copy is kept, in the place of that archive", async () => {
    const { records, report } = await mergeRecords(
      [
        at(10, { startNs: 0n }),
        groupRecord(1),
        messageRecord(1, 1, new Uint8Array(), { deliveryStatus: "unpublished" }),
        messageRecord(2, 1),
      ],
      [at(20, { startNs: 5n }), groupRecord(1), messageRecord(1, 1, new Uint8Array(), { deliveryStatus: "published" })],
    );
    expect(names(records)).toEqual(["metadata", "g1", "m2", "m1"]);
    expect(records.at(-1)).toMatchObject({ message: { deliveryStatus: "published" } });
    expect(report).toMatchObject({ messages: 2, duplicateMessages: 1 });
  });

  test("behavior: an orphan of one archive finds its conversation in another; others are reported", async () => {
    const { records, report } = await mergeRecords(
      [at(10), messageRecord(1, 1), messageRecord(2, 7), messageRecord(2, 7)],
      [at(20), groupRecord(1)],
    );
    expect(names(records)).toEqual(["metadata", "g1", "m1"]);
    expect(report).toMatchObject({ messages: 1, orphanMessages: 1, orphans: [{ id: idOf(7, 16), messageCount: 1 }] });
  });

  test("behavior: what is not understood is carried over, once", async () => {
    const unknown: ArchiveRecord = { kind: "none", unknownFields: Uint8Array.of(0x8a, 0x01, 2, 1, 2) };
    const event: ArchiveRecord = { kind: "event", event: Uint8Array.of(8, 1) };
    const unknownFields = Uint8Array.of(0xc2, 0x3e, 1, 9);
    const odd = groupRecord(1, { conversationType: 55, unknownFields });
    const { records } = await mergeRecords(
      [at(10), odd, unknown, event],
      [at(20, { unknownFields }), unknown, event, messageRecord(1, 1, new Uint8Array(), { kind: 9 })],
    );
    expect(records.slice(0, 2)).toEqual([at(20, { unknownFields }), odd]);
    expect(records.slice(2)).toContainEqual(unknown);
    expect(records.slice(2)).toContainEqual(event);
    expect(records.slice(2)).toContainEqual(messageRecord(1, 1, new Uint8Array(), { kind: 9 }));
    expect(records).toHaveLength(5);
  });

  test("behavior: archives may have keys of their own", async () => {
    const otherKey = new Uint8Array(32).fill(0x99);
    const inputs = [
      { blob: toBlob(await write([at(1), groupRecord(1)], testKey)), key: testKey },
      { blob: toBlob(await write([at(2), messageRecord(1, 1)], otherKey)), key: otherKey },
    ];
    const { report, stream } = await mergeArchives(inputs, newKey);
    expect(report.messages).toBe(1);
    expect(await read(await collect(stream), newKey)).toHaveLength(3);
  });

  test("behavior: a damaged archive is refused, and told apart", async () => {
    const damaged = await write(sampleRecords(50));
    damaged[damaged.length - 5] = (damaged[damaged.length - 5] as number) ^ 1;
    const merging = merge(await write(sampleRecords()), damaged);
    await expect(merging).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED", inputIndex: 1 });
    await expect(merging).rejects.toThrow(/archive 1, record \d+, byte \d+/);
    await expect(merge()).rejects.toMatchObject({ code: "ARCHIVE_INVALID_RECORD" });
  });

  test("parameters: onProgress", async () => {
    const seen: ArchiveProgress[] = [];
    const inputs = [
      { blob: toBlob(await write(sampleRecords(20))), key: testKey },
      { blob: toBlob(await write(sampleRecords(30))), key: testKey },
    ];
    const totalBytes = 2 * inputs.reduce((total, { blob }) => total + blob.size, 0);
    const { stream } = await mergeArchives(inputs, newKey, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ doneBytes: totalBytes / 2, totalBytes });
    await collect(stream);
    expect(seen.at(-1)).toEqual({ doneBytes: totalBytes, totalBytes });
  });

  test("parameters: signal", async () => {
    const reason = new Error("enough");
    const inputs = [{ blob: toBlob(await write(sampleRecords())), key: testKey }];
    await expect(mergeArchives(inputs, newKey, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const { stream } = await mergeArchives(inputs, newKey, { signal: controller.signal });
    controller.abort(reason);
    await expect(collect(stream)).rejects.toBe(reason);
  });
});

describe("what an input leaves out", () => {
  const sentNs = (number: number) => (messageRecord(number, 1) as { message: { sentAtNs: bigint } }).message.sentAtNs;

  test("parameters: except", async () => {
    const base = await write([
      at(10),
      consentRecord(1),
      consentRecord(2),
      groupRecord(1),
      ...[1, 2, 3, 4].map((each) => messageRecord(each, 1)),
    ]);
    const part = await write([at(20, { startNs: sentNs(1), endNs: sentNs(3) }), consentRecord(2), groupRecord(2), messageRecord(2, 1)]);
    const except = { consent: true, sentIn: [{ startNs: sentNs(1), endNs: sentNs(3) }, { startNs: sentNs(4) }] };
    const inputs = [
      { blob: toBlob(base), key: testKey, except },
      { blob: toBlob(part), key: testKey },
    ];
    for (const order of [inputs, inputs.toReversed()]) {
      const { stream, report } = await mergeArchives(order, newKey, { primitives });
      expect(names(await read(await collect(stream), newKey))).toEqual(["metadata", "consent", "g1", "g2", "m1", "m4", "m2"]);
      expect(report).toMatchObject({ messages: 3, consent: 1, duplicateMessages: 0, orphanMessages: 0 });
    }
    const all = { blob: toBlob(base), key: testKey, except: { sentIn: [{}] } };
    expect((await mergeArchives([all], newKey, { primitives })).report).toMatchObject({ messages: 0, consent: 2, conversations: 1 });
  });

  test("behavior: an input with exceptions is the older one, whatever its date", async () => {
    const renamed = (name: string) =>
      groupRecord(1, { mutableMetadata: { attributes: { group_name: name }, adminList: [], superAdminList: [] } });
    const base = { blob: toBlob(await write([at(90), renamed("before"), messageRecord(1, 1)])), key: testKey, except: {} };
    const part = { blob: toBlob(await write([at(20), renamed("after")])), key: testKey };
    const { stream, report } = await mergeArchives([base, part], newKey, { primitives });
    expect(report.metadata.exportedAtNs).toBe(20n);
    expect((await read(await collect(stream), newKey)).find(({ kind }) => kind === "group")).toEqual(renamed("after"));
  });

  test("behavior: the record of such an input learns of later messages", async () => {
    const lastMessageNs = sentNs(1);
    const base = {
      blob: toBlob(await write([at(10), groupRecord(1, { lastMessageNs }), groupRecord(2, { lastMessageNs })])),
      key: testKey,
      except: {},
    };
    const part = { blob: toBlob(await write([at(20), messageRecord(5, 1)])), key: testKey };
    const { stream } = await mergeArchives([base, part], newKey, { primitives });
    const times = (await read(await collect(stream), newKey)).flatMap((one) => (one.kind === "group" ? [one.group.lastMessageNs] : []));
    expect(times).toEqual([sentNs(5), lastMessageNs]);
  });

  test("parameters: expectedSha256", async () => {
    const blob = toBlob(await write(sampleRecords()));
    const { sha256 } = await validateArchive(blob, testKey);
    await mergeArchives([{ blob, key: testKey, expectedSha256: sha256 }], newKey, { primitives });
    const other = { blob, key: testKey, expectedSha256: "0".repeat(64) };
    await expect(mergeArchives([other], newKey, { primitives })).rejects.toMatchObject({ code: "ARCHIVE_HASH_MISMATCH", inputIndex: 0 });
  });
});

describe("what merging keeps", () => {
  const record = fc.oneof(
    fc.nat(8).map((group) => groupRecord(group)),
    fc.tuple(fc.nat(40), fc.nat(9)).map(([number, group]) => messageRecord(number, (number + group) % 10)),
    fc.tuple(fc.nat(5), fc.nat(3)).map(([number, time]) => consentRecord(number, { consentedAtNs: BigInt(time) })),
  );
  const archive = fc
    .tuple(fc.nat(5), fc.option(fc.nat(5), { nil: undefined }), fc.array(record, { maxLength: 40 }))
    .map(([exported, start, records]) => [at(exported, start === undefined ? {} : { startNs: BigInt(start) }), ...records]);
  const archives = fc.array(archive, { minLength: 1, maxLength: 4 });

  test("behavior: the order of the archives does not matter", async () => {
    await fc.assert(
      fc.asyncProperty(archives, fc.infiniteStream(fc.nat()), async (all, random) => {
        const written = await Promise.all(all.map((records) => write(records)));
        const shuffled = written.map((bytes) => ({ bytes, key: random.next().value as number })).toSorted((a, b) => a.key - b.key);
        const one = await merge(...written);
        const other = await merge(...shuffled.map(({ bytes }) => bytes));
        expect(other.records).toEqual(one.records);
      }),
      { numRuns: runs(60) },
    );
  });

  test("behavior: merging a merged archive again changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(archives, async (all) => {
        const written = await Promise.all(all.map((records) => write(records)));
        const once = await merge(...written);
        const rewritten = await write(once.records);
        expect((await merge(rewritten)).records).toEqual(once.records);
        expect((await merge(rewritten, rewritten)).records).toEqual(once.records);
        expect(new Set(names((await merge(rewritten, ...written)).records))).toEqual(new Set(names(once.records)));
      }),
      { numRuns: runs(60) },
    );
  });

  test("behavior: every message that some archive can place is kept, once, after its conversation", async () => {
    await fc.assert(
      fc.asyncProperty(archives, async (all) => {
        const { records, report, bytes } = await mergeRecords(...all);
        const flat = all.flat();
        const groups = new Set(flat.flatMap((one) => (one.kind === "group" ? [one.group.id] : [])));
        const copies = flat.flatMap((one) => (one.kind === "message" ? [one.message] : []));
        const kept = records.flatMap((one) => (one.kind === "message" ? [one.message.id] : []));
        // A message has one conversation; where copies differ, the kept one decides.
        for (const { id } of copies) {
          if (copies.filter((copy) => copy.id === id).every(({ groupId }) => groups.has(groupId))) expect(kept).toContain(id);
        }
        expect(new Set(kept).size).toBe(kept.length);
        const found = await validateArchive(toBlob(bytes), newKey);
        expect(found).toMatchObject({ orphanMessages: 0, misplacedMessages: 0, duplicates: { consent: 0, groups: 0, messages: 0 } });
        expect(found.importable).toEqual({ conversations: report.conversations, messages: report.messages });
        expect(found.conversations).toHaveLength(groups.size);
      }),
      { numRuns: runs(100) },
    );
  });
});
