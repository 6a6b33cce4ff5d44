import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metadataArbitrary, recordArbitrary } from "../test-support/arbitraries.ts";
import { read, testKey, toBlob, write } from "../test-support/archives.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { type ArchiveRecord, ArchiveError, validateArchive, writeArchive } from "../src/index.ts";
import { runs } from "../../../test/runs.ts";

/** Maps have no prototype, and no order that counts. */
const plain = (records: ArchiveRecord[]) => records.map((record) => structuredClone(record));

describe("read(write(x)) = x", () => {
  test("behavior: any records come back, with fields that nobody knows", async () => {
    await fc.assert(
      fc.asyncProperty(metadataArbitrary, fc.array(recordArbitrary, { maxLength: 30 }), async (metadata, rest) => {
        const records = [metadata, ...rest];
        expect(plain(await read(await write(records)))).toEqual(plain(records));
      }),
      { numRuns: runs(150) },
    );
  });

  test("behavior: the platform's primitives and the portable ones write and read the same", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(recordArbitrary, { maxLength: 20 }), async (rest) => {
        const records = [metadataRecord(), ...rest];
        const options = { primitives: nodePrimitives };
        expect(plain(await read(await write(records, testKey, options)))).toEqual(plain(records));
        expect(plain(await read(await write(records), testKey, options))).toEqual(plain(records));
      }),
      { numRuns: runs(50) },
    );
  });

  test.each([0, 1, 100, 15_000, 262_100, 262_144, 600_000, 3_000_000])("behavior: a content of %i bytes", async (size) => {
    const content = new Uint8Array(size).fill(0xa5);
    const [, first, second] = await read(await write([metadataRecord(), messageRecord(1, 1, content), messageRecord(2, 1)]));
    expect(first?.kind === "message" && Buffer.compare(first.message.content, content)).toBe(0);
    expect(second).toEqual(messageRecord(2, 1));
  });

  test("behavior: an asynchronous source is written as a list is", async () => {
    const records = sampleRecords(20);
    const source = (async function* () {
      yield* records;
    })();
    const bytes = new Uint8Array(await new Response(writeArchive(source, testKey)).arrayBuffer());
    expect(await read(bytes)).toEqual(records);
  });

  test("behavior: every archive has its own nonce", async () => {
    const [one, two] = [await write(sampleRecords()), await write(sampleRecords())];
    expect(one.subarray(2, 14)).not.toEqual(two.subarray(2, 14));
  });
});

describe("writeArchive", () => {
  const codeOf = async (records: ArchiveRecord[]) => {
    const error = await write(records).catch((reason: unknown) => reason);
    return ArchiveError.is(error) ? error.code : error;
  };

  test("behavior: metadata must come first", async () => {
    expect(await codeOf([])).toBe("ARCHIVE_INVALID_RECORD");
    expect(await codeOf([messageRecord(1, 1)])).toBe("ARCHIVE_INVALID_RECORD");
  });

  test("behavior: what the format can't hold is refused", async () => {
    expect(await codeOf([metadataRecord(), messageRecord(1, 1, new Uint8Array(), { id: "not hex" })])).toBe("ARCHIVE_INVALID_RECORD");
    expect(await codeOf([metadataRecord(), messageRecord(1, 1, new Uint8Array(), { kind: "other" as never })])).toBe(
      "ARCHIVE_INVALID_RECORD",
    );
    expect(await codeOf([metadataRecord(), { kind: "other" } as never])).toBe("ARCHIVE_INVALID_RECORD");
    expect(await codeOf([metadataRecord(), messageRecord(1, 1, new Uint8Array(17_000_000))])).toBe("ARCHIVE_INVALID_RECORD");
    expect(await codeOf([metadataRecord({ unknownFields: new Uint8Array(5000).fill(0x50) })])).toBe("ARCHIVE_INVALID_RECORD");
  });

  test("behavior: a key must have 32 bytes", () => {
    expect(() => writeArchive(sampleRecords(), new Uint8Array(31))).toThrow(ArchiveError);
  });

  test("parameters: signal", async () => {
    const reason = new Error("enough");
    const stream = writeArchive(sampleRecords(), testKey, { signal: AbortSignal.abort(reason) });
    await expect(new Response(stream).arrayBuffer()).rejects.toBe(reason);
  });

  test("behavior: a stream that is given up gives up its source", async () => {
    let isClosed = false;
    const source = (async function* () {
      try {
        yield metadataRecord();
        for (let number = 0; ; number++) yield messageRecord(number, 1, new Uint8Array(10_000));
      } finally {
        isClosed = true;
      }
    })();
    const reader = writeArchive(source, testKey).getReader();
    await reader.read();
    await reader.cancel();
    expect(isClosed).toBe(true);
  });

  test("behavior: ordinary archives grow by less than 5 percent", async () => {
    const content = new Uint8Array(116);
    const records = [metadataRecord(), ...Array.from({ length: 2000 }, (_, number) => messageRecord(number, 1, content))];
    const report = await validateArchive(toBlob(await write(records)), testKey);
    expect(report.counts.empty).toBe(0);
    expect(report.sizeBytes / report.recordCount).toBeLessThan(350);
  });
});
