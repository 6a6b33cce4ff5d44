import { describe, expect, test } from "vitest";
import { encodeRecord } from "../src/protobuf/recordCodec.ts";
import { ArchiveError, type ArchiveErrorCode, type ArchiveReadOptions, validateArchive } from "../src/index.ts";
import { read, testKey, toBlob, write } from "../test-support/archives.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { consentRecord, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { isThorough } from "../../../test/runs.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";

const otherKey = new Uint8Array(32).fill(0xee);
const wire = sampleRecords(3).map(encodeRecord);

const archives = {
  "written by this package": () => write(sampleRecords(3)),
  "written as an SDK does": () => writeSdkLike(wire, testKey),
  "with compressed blocks": () =>
    writeSdkLike([metadataRecord(), ...Array.from({ length: 12 }, (_, at) => consentRecord(at % 3))].map(encodeRecord), testKey),
  "written by an old SDK": () => writeSdkLike(wire, testKey, { isLegacy: true }),
};

const errorOf = async (bytes: Uint8Array, key = testKey, options: ArchiveReadOptions = {}): Promise<ArchiveError> => {
  const outcome = await validateArchive(toBlob(bytes), key, { primitives: nodePrimitives, ...options }).catch((error: unknown) => error);
  if (!ArchiveError.is(outcome)) throw new Error(`no typed error but ${String(outcome)}`);
  return outcome;
};

const damageCodes: ArchiveErrorCode[] = [
  "ARCHIVE_DAMAGED",
  "ARCHIVE_KEY_OR_DAMAGE",
  "ARCHIVE_NOT_AN_ARCHIVE",
  "ARCHIVE_TRUNCATED",
  "ARCHIVE_UNSUPPORTED_VERSION",
];

describe("damage", () => {
  test.each(Object.entries(archives))("behavior: every bit flipped, %s", { timeout: 300_000 }, async (name, make) => {
    const archive = await make();
    const sound = await read(archive);
    const codes = new Set<string>();
    // Some bits of each byte, for the sake of time: over the bytes every place in a byte has its turn.
    const step = isThorough ? 1 : name === "written by an old SDK" ? 7 : 3;
    for (let bit = 0; bit < archive.length * 8; bit += step) {
      const damaged = archive.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      try {
        // A bit that changes nothing, as in the size of the zstd window, leaves the same records.
        const records = await read(damaged, testKey, { primitives: nodePrimitives });
        expect(records, `bit ${bit}`).toEqual(sound);
        expect(bit >> 3, `bit ${bit}`).toBeGreaterThanOrEqual(14);
      } catch (error) {
        if (!ArchiveError.is(error)) throw error;
        expect(damageCodes).toContain(error.code);
        codes.add(error.code);
        if (error.byteOffset !== undefined) expect(error.byteOffset).toBeLessThanOrEqual(archive.length);
      }
    }
    expect(codes.has("ARCHIVE_DAMAGED")).toBe(true);
  });

  test.each(Object.entries(archives))("behavior: cut at every length, %s", { timeout: 120_000 }, async (_, make) => {
    const archive = await make();
    for (let length = 0; length < archive.length; length++) {
      const error = await errorOf(archive.subarray(0, length));
      expect(error.code, `length ${length}`).toBe("ARCHIVE_TRUNCATED");
      expect(error.byteOffset).toBe(length);
    }
  });

  test("behavior: bytes after the end", async () => {
    const archive = await write(sampleRecords());
    const error = await errorOf(Uint8Array.of(...archive, 0));
    expect(error).toMatchObject({ code: "ARCHIVE_DAMAGED", byteOffset: archive.length });
  });

  test("behavior: the damaged record and byte are told", async () => {
    const records = [metadataRecord(), ...Array.from({ length: 50 }, (_, number) => messageRecord(number, 1, new Uint8Array(500)))];
    const archive = await write(records);
    // The 31st message; each takes the same room, the metadata what is left.
    const size = (encodeRecord(messageRecord(5, 1, new Uint8Array(500))).length + 20) | 0;
    const start = archive.length - 20 * size;
    const damaged = archive.slice();
    damaged[start + 100] = (damaged[start + 100] as number) ^ 1;
    const error = await errorOf(damaged);
    expect(error).toMatchObject({ code: "ARCHIVE_DAMAGED", recordIndex: 31 });
    expect(Math.abs((error.byteOffset as number) - start)).toBeLessThan(size);
    expect(error.message).toBe(`${error.shortMessage} (record 31, byte ${error.byteOffset})`);
  });

  test("behavior: a record that is repeated, moved or left out is damage, except in an old archive", async () => {
    const nonce = new Uint8Array(12);
    const [metadata, one, two, three] = wire as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const whole = await writeSdkLike([metadata, one, two, three], testKey, { nonce });
    const pieces: Uint8Array[] = [];
    const frame = await import("node:zlib").then(({ zstdDecompressSync }) => zstdDecompressSync(whole.subarray(14)));
    for (let at = 0; at < frame.length; ) {
      const length = 4 + frame.readUInt32LE(at);
      pieces.push(new Uint8Array(frame.subarray(at, at + length)));
      at += length;
    }
    const [m, a, b, c] = pieces as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const { zstdCompressSync } = await import("node:zlib");
    const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat([whole.subarray(0, 14), zstdCompressSync(Buffer.concat(parts))]));
    expect((await validateArchive(toBlob(join(m, a, b, c)), testKey)).recordCount).toBe(4);
    for (const order of [
      [m, b, a, c],
      [m, a, a, b],
      [m, b, c],
      [a, b, c],
      [m, a, b, b],
      [m, m, a],
    ]) {
      const error = await errorOf(join(...order));
      expect(["ARCHIVE_DAMAGED", "ARCHIVE_KEY_OR_DAMAGE"]).toContain(error.code);
    }
    // Nothing authenticates the end of an archive: whoever cuts records off and writes the frame anew is not found out here.
    expect((await validateArchive(toBlob(join(m, a)), testKey)).recordCount).toBe(2);
    const partial = await errorOf(join(m, a, b.subarray(0, 10)));
    expect(partial).toMatchObject({ code: "ARCHIVE_DAMAGED", recordIndex: 2 });
  });

  test("behavior: records before the damage are given out first", async () => {
    const archive = await write([metadataRecord(), ...Array.from({ length: 4000 }, (_, number) => messageRecord(number, 1))]);
    const damaged = archive.slice();
    damaged[archive.length - 50] = (damaged[archive.length - 50] as number) ^ 1;
    let count = 0;
    const { readArchive } = await import("../src/index.ts");
    const reading = (async () => {
      for await (const _ of readArchive(toBlob(damaged), testKey)) count++;
    })();
    await expect(reading).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    expect(count).toBeGreaterThan(1000);
  });
});

describe("key or damage", () => {
  const sha256Of = async (bytes: Uint8Array) => (await validateArchive(toBlob(bytes), testKey)).sha256;

  test("behavior: a wrong key can't be told from damage without help", async () => {
    const archive = await write(sampleRecords());
    const error = await errorOf(archive, otherKey);
    expect(error).toMatchObject({ code: "ARCHIVE_KEY_OR_DAMAGE", recordIndex: 0, byteOffset: 23 });
  });

  test("parameters: expectedSha256", async () => {
    const archive = await write(sampleRecords());
    const expectedSha256 = await sha256Of(archive);
    expect((await errorOf(archive, otherKey, { expectedSha256 })).code).toBe("ARCHIVE_WRONG_KEY");
    const damaged = archive.slice();
    damaged[5] = (damaged[5] as number) ^ 1;
    expect((await errorOf(damaged, testKey, { expectedSha256 })).code).toBe("ARCHIVE_HASH_MISMATCH");
    expect((await errorOf(damaged, otherKey, { expectedSha256 })).code).toBe("ARCHIVE_HASH_MISMATCH");
    await expect(validateArchive(toBlob(archive), testKey, { expectedSha256 })).resolves.toBeDefined();
    const other = await write(sampleRecords());
    expect((await errorOf(other, testKey, { expectedSha256 })).code).toBe("ARCHIVE_HASH_MISMATCH");
  });

  test("parameters: keyIsKnownGood", async () => {
    const archive = await write(sampleRecords());
    archive[3] = (archive[3] as number) ^ 1;
    expect((await errorOf(archive)).code).toBe("ARCHIVE_KEY_OR_DAMAGE");
    expect((await errorOf(archive, testKey, { keyIsKnownGood: true })).code).toBe("ARCHIVE_DAMAGED");
  });

  test("behavior: a first record that alone does not open is damage", async () => {
    const archive = await write(sampleRecords());
    archive[40] = (archive[40] as number) ^ 1;
    expect(await errorOf(archive)).toMatchObject({ code: "ARCHIVE_DAMAGED", recordIndex: 0 });
  });

  test("behavior: an archive cut within its first record shows nothing of the key", async () => {
    const archive = await write(sampleRecords());
    expect((await errorOf(archive.subarray(0, 40), otherKey)).code).toBe("ARCHIVE_TRUNCATED");
  });

  test.each([0, 16, 31, 33])("behavior: a key of %i bytes", async (length) => {
    expect((await errorOf(await write(sampleRecords()), new Uint8Array(length))).code).toBe("ARCHIVE_INVALID_KEY");
  });
});

describe("what is no archive", () => {
  const codeOf = async (bytes: Uint8Array) => (await errorOf(bytes)).code;

  test("behavior: other files", async () => {
    expect(await codeOf(new TextEncoder().encode("hello, this is a text"))).toBe("ARCHIVE_NOT_AN_ARCHIVE");
    expect(await codeOf(new TextEncoder().encode("hi"))).toBe("ARCHIVE_NOT_AN_ARCHIVE");
    expect(await codeOf(new Uint8Array(5000))).toBe("ARCHIVE_NOT_AN_ARCHIVE");
    expect(await codeOf(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, ...new Uint8Array(50)))).toBe("ARCHIVE_NOT_AN_ARCHIVE");
    expect(await codeOf(new Uint8Array())).toBe("ARCHIVE_TRUNCATED");
  });

  test("behavior: another version", async () => {
    const archive = await write(sampleRecords());
    archive[0] = 1;
    expect((await errorOf(archive)).message).toContain("version 1");
    expect(await codeOf(archive)).toBe("ARCHIVE_UNSUPPORTED_VERSION");
  });

  test("behavior: an archive without metadata", async () => {
    expect(await codeOf(await writeSdkLike(wire.slice(1), testKey))).toBe("ARCHIVE_DAMAGED");
    expect(await codeOf(await writeSdkLike([], testKey))).toBe("ARCHIVE_DAMAGED");
  });

  test("parameters: maxRecordBytes", async () => {
    const archive = await write([metadataRecord(), messageRecord(1, 1, new Uint8Array(20_000))]);
    const error = await errorOf(archive, testKey, { maxRecordBytes: 10_000 });
    expect(error).toMatchObject({ code: "ARCHIVE_DAMAGED" });
    expect(error.message).toContain("over the limit of 10000");
  });
});

describe("errors", () => {
  test("behavior: hold neither the key nor content", async () => {
    const archive = await write([metadataRecord(), messageRecord(1, 1, new TextEncoder().encode("a secret"))]);
    archive[archive.length - 20] = (archive[archive.length - 20] as number) ^ 1;
    const error = await errorOf(archive);
    const shown = `${error.message} ${JSON.stringify(error)} ${error.stack}`;
    expect(shown).not.toContain("secret");
    expect(shown).not.toContain(Buffer.from(testKey).toString("hex"));
  });

  test("behavior: are known across copies of the package", async () => {
    const error = await errorOf(new Uint8Array());
    expect(ArchiveError.is(error)).toBe(true);
    expect(ArchiveError.is(new Error("other"))).toBe(false);
    expect(ArchiveError.is(undefined)).toBe(false);
    expect(error.name).toBe("ArchiveError");
  });
});
