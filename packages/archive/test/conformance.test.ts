import { createDecipheriv } from "node:crypto";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ArchiveRecord, mergeArchives, splitArchive, validateArchive } from "../src/index.ts";
import { encodeRecord } from "../src/protobuf/recordCodec.ts";
import { recordArbitrary } from "../test-support/arbitraries.ts";
import { collect, read, testKey, toBlob, write } from "../test-support/archives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";
import { runs } from "../../../test/runs.ts";

const HEADER_BYTES = 14;
const codeOf = (bytes: Uint8Array, key = testKey) =>
  validateArchive(toBlob(bytes), key).then(
    () => "none",
    (error: { code: string }) => error.code,
  );
const framesOf = (decoded: Buffer): Buffer[] => {
  const frames: Buffer[] = [];
  for (let at = 0; at < decoded.length; ) {
    const end = at + 4 + decoded.readUInt32LE(at);
    frames.push(decoded.subarray(at + 4, end));
    at = end;
  }
  return frames;
};
/** Opens one sealed record with OpenSSL, without additional data. */
const openFrame = (frame: Buffer, nonce: bigint): Buffer => {
  const iv = Buffer.from(nonce.toString(16).padStart(24, "0"), "hex").reverse();
  const decipher = createDecipheriv("aes-256-gcm", testKey, iv);
  decipher.setAuthTag(frame.subarray(-16));
  return Buffer.concat([decipher.update(frame.subarray(0, -16)), decipher.final()]);
};
const nonceOf = (archive: Uint8Array): bigint => BigInt(`0x${Buffer.from(archive.subarray(2, HEADER_BYTES)).reverse().toString("hex")}`);
const withDecoded = (archive: Uint8Array, change: (decoded: Buffer) => Uint8Array): Uint8Array =>
  new Uint8Array(
    Buffer.concat([archive.subarray(0, HEADER_BYTES), zstdCompressSync(change(zstdDecompressSync(archive.subarray(HEADER_BYTES))))]),
  );

/** The same records after a merge, and after a split into chunks. */
const rewritten = async (records: readonly ArchiveRecord[]): Promise<ArchiveRecord[][]> => {
  const blob = toBlob(await write([metadataRecord(), ...records]));
  const { stream } = await mergeArchives([{ blob, key: testKey }], testKey, { leaveOutDeleted: true, leaveOutRefused: true });
  const { chunks } = await splitArchive(blob, testKey, { chunkKey: testKey, unsent: "keep", nowNs: 0n, messagesPerChunk: 2 });
  const split: ArchiveRecord[] = [];
  for await (const { bytes } of chunks) split.push(...(await read(bytes)));
  return [await read(await collect(stream)), split];
};

describe("the container", () => {
  test("behavior: a version above 0 is refused before a record is read", async () => {
    for (const version of [1, 2, 0xff, 0x100, 0xffff]) {
      const archive = await write(sampleRecords());
      archive.set([version & 0xff, version >> 8]);
      archive.fill(0xff, HEADER_BYTES + 20);
      expect(await codeOf(archive)).toBe("ARCHIVE_UNSUPPORTED_VERSION");
    }
  });

  test("behavior: what is written is encrypted first, without additional data, under a counter, and is then one zstd frame", async () => {
    const records = [metadataRecord(), groupRecord(1), ...Array.from({ length: 300 }, (_, number) => messageRecord(number, 1))];
    const archive = await write(records);
    const frames = framesOf(zstdDecompressSync(archive.subarray(HEADER_BYTES)));
    const first = nonceOf(archive);
    const opened = frames.map((frame, index) => openFrame(frame, (first + BigInt(index)) % 2n ** 96n)).filter(({ length }) => length > 0);
    expect(opened.map((bytes) => bytes.toString("hex"))).toEqual(
      records.map((record) => Buffer.from(encodeRecord(record)).toString("hex")),
    );
  });

  test("behavior: a record that is shorter than its tag is refused, though its bytes are there", async () => {
    const archive = await write(sampleRecords());
    for (let length = 0; length < 16; length++) {
      const short = withDecoded(archive, (decoded) => Buffer.concat([decoded, Uint8Array.of(length, 0, 0, 0), new Uint8Array(64)]));
      expect(await codeOf(short), `${length} bytes`).toBe("ARCHIVE_DAMAGED");
    }
  });

  test("behavior: an archive that ends within a record is refused, though its zstd frame is whole", async () => {
    const archive = await write(sampleRecords(2));
    const decoded = zstdDecompressSync(archive.subarray(HEADER_BYTES));
    const ends = new Set<number>();
    let end = 0;
    for (const frame of framesOf(decoded)) ends.add((end += 4 + frame.length));
    for (let cut = 1; cut < decoded.length; cut += 7) {
      if (!ends.has(cut))
        expect(await codeOf(withDecoded(archive, (bytes) => bytes.subarray(0, cut))), `cut at ${cut}`).toBe("ARCHIVE_DAMAGED");
    }
  });

  test("behavior: only an old archive may use a nonce twice, and then for every record", async () => {
    const nonce = new Uint8Array(12);
    const legacy = await writeSdkLike(sampleRecords().map(encodeRecord), testKey, { nonce, isLegacy: true });
    const counted = await writeSdkLike(sampleRecords().map(encodeRecord), testKey, { nonce });
    const decodedOf = (archive: Uint8Array) => framesOf(zstdDecompressSync(archive.subarray(HEADER_BYTES)));
    const mixed = (...frames: (Buffer | undefined)[]) =>
      withDecoded(counted, () =>
        Buffer.concat(
          frames.flatMap((frame) => {
            const length = Buffer.alloc(4);
            length.writeUInt32LE(frame?.length ?? 0);
            return [length, frame ?? Buffer.alloc(0)];
          }),
        ),
      );
    const [old, now] = [decodedOf(legacy), decodedOf(counted)];
    expect(await codeOf(mixed(...old))).toBe("none");
    // The SDKs' importers go back by one nonce at any record, and so take both of these.
    expect(await codeOf(mixed(now[0], now[1], now[1], now[2]))).toBe("ARCHIVE_DAMAGED");
    expect(await codeOf(mixed(old[0], old[1], now[2]))).toBe("ARCHIVE_DAMAGED");
  });
});

describe("the records", () => {
  test("behavior: records without an element and of unknown kinds change nothing", async () => {
    const plain = [consentRecord(1), groupRecord(1), messageRecord(1, 1)];
    const unknown: ArchiveRecord = { kind: "none", unknownFields: Uint8Array.of(0xc2, 0x3e, 0) };
    for (const records of await rewritten(plain.flatMap((record) => [{ kind: "none" } as const, unknown, record]))) {
      expect(records.filter(({ kind }) => kind !== "none" && kind !== "metadata")).toEqual(plain);
    }
  });

  test("behavior: messages keep their bytes and ids, whatever their type and the fields that nobody knows", async () => {
    const messages = fc.array(recordArbitrary, { maxLength: 20 }).map((records) => [
      ...new Map(
        records.flatMap((record) => {
          if (record.kind !== "message") return [];
          const { expiresAtNs: _at, expiryKnown: _known, ...message } = record.message;
          return [
            [
              message.id,
              { ...record, message: { ...message, groupId: idOf(1, 16), kind: "application", deliveryStatus: "published" } },
            ] as const,
          ];
        }),
      ).values(),
    ]);
    await fc.assert(
      fc.asyncProperty(messages, async (list) => {
        for (const records of await rewritten([groupRecord(1), ...list])) {
          expect(records.filter(({ kind }) => kind === "message")).toEqual(list);
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test("behavior: a group keeps its membership state, its timer and the version that it waits for", async () => {
    for (const membershipState of ["allowed", "rejected", "pending", "restored", "pendingRemove"] as const) {
      const group = groupRecord(1, {
        membershipState,
        messageDisappearFromNs: 5n,
        messageDisappearInNs: 7n,
        pausedForVersion: "9.9.9",
        unknownFields: Uint8Array.of(0xc2, 0x3e, 1, 9),
      });
      for (const records of await rewritten([group, messageRecord(1, 1, new Uint8Array(), { sentAtNs: 1n })]))
        expect(records[1]).toEqual(group);
    }
  });

  test("behavior: any order of the elements is read", async () => {
    const [metadata, ...records] = sampleRecords();
    const found = await Promise.all(
      [records, records.toReversed()].map(async (order) => {
        const blob = toBlob(await write([metadata as ArchiveRecord, ...order]));
        const { counts, importable, sha256: _sha256 } = await validateArchive(blob, testKey);
        return { counts: { ...counts, empty: 0 }, importable };
      }),
    );
    expect(found[1]).toEqual(found[0]);
  });
});
