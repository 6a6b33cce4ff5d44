import { createCipheriv } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import {
  type ArchiveReadOptions,
  exportTranscript,
  hashArchive,
  inspectArchive,
  mergeArchives,
  readArchive,
  validateArchive,
} from "../src/index.ts";
import { decodeMessage } from "../src/protobuf/messageCodec.ts";
import { fromHex, toHex } from "../src/protobuf/hex.ts";
import { decodeRecord, encodeRecord } from "../src/protobuf/recordCodec.ts";
import { RecordScan } from "../src/protobuf/recordScan.ts";
import { groupSpec } from "../src/protobuf/specs.ts";
import { WireWriter } from "../src/protobuf/wireWriter.ts";
import { encodedContentSpec } from "../src/content/contentSpecs.ts";
import { describeContent } from "../src/transcript/transcriptContent.ts";
import { testKey, toBlob, write } from "../test-support/archives.ts";
import { copiedBytes } from "../test-support/countedWork.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "../test-support/records.ts";
import { writeSdkLike } from "../test-support/sdkLikeArchive.ts";

const MIB = 1_048_576;
const primitives = nodePrimitives;

/** Reads an archive to its end or its refusal; how much was decoded until then. */
const read = async (archive: Blob, options?: ArchiveReadOptions): Promise<{ bytes: number; error: unknown }> => {
  let bytes = 0;
  try {
    for await (const record of readArchive(archive, testKey, { primitives, ...options })) {
      bytes += record.kind === "message" ? record.message.content.length : record.kind === "unreadable" ? record.bytes.length : 0;
    }
  } catch (error) {
    return { bytes, error };
  }
  return { bytes, error: undefined };
};

/** An archive of records whose ciphertext is zero bytes, as only the holder of a key can choose them, so that it compresses. */
const zeroArchive = (contentBytes: number, count: number): Uint8Array => {
  const parts: Uint8Array[] = [];
  const add = (index: number, plaintext: Uint8Array | undefined) => {
    const nonce = new Uint8Array(12).fill(9);
    nonce[0] = 9 + index;
    const cipher = createCipheriv("aes-256-gcm", testKey, nonce);
    // The key stream itself, as plaintext, gives zeros.
    const keyStream = plaintext ?? createCipheriv("aes-256-gcm", testKey, nonce).update(new Uint8Array(contentBytes));
    const sealed = Buffer.concat([cipher.update(keyStream), cipher.final(), cipher.getAuthTag()]);
    parts.push(new Uint8Array(Uint32Array.of(sealed.length).buffer), sealed);
  };
  add(0, encodeRecord(metadataRecord()));
  for (let index = 1; index <= count; index++) add(index, undefined);
  return new Uint8Array(Buffer.concat([Uint8Array.of(0, 0), new Uint8Array(12).fill(9), zstdCompressSync(Buffer.concat(parts))]));
};

describe("archives that decode to far more than their size", () => {
  const refusal = { code: "ARCHIVE_DAMAGED", shortMessage: "the archive decodes to far more than its size allows" };

  test("behavior: one record of an old archive, repeated, is refused", async () => {
    const message = encodeRecord(messageRecord(1, 1, new Uint8Array(100_000)));
    const bomb = await writeSdkLike([encodeRecord(metadataRecord()), ...Array.from({ length: 120 }, () => message)], testKey, {
      isLegacy: true,
    });
    expect(bomb.length).toBeLessThan(200_000);
    const { bytes, error } = await read(toBlob(bomb));
    expect(error).toMatchObject(refusal);
    expect(bytes).toBeLessThanOrEqual(4 * (MIB + bomb.length) + 300_000);
    for (const work of [
      () => validateArchive(toBlob(bomb), testKey, { primitives }),
      () => inspectArchive(toBlob(bomb), testKey, { primitives }),
      () => mergeArchives([{ blob: toBlob(bomb), key: testKey }], testKey, { primitives }),
      () => new Response(exportTranscript(toBlob(bomb), testKey, "jsonl", { primitives })).text(),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
    }
  });

  test("behavior: several records that take turns are refused as one is", async () => {
    const messages = [1, 2, 3].map((number) => encodeRecord(messageRecord(number, 1, new Uint8Array(100_000))));
    const bomb = await writeSdkLike([encodeRecord(metadataRecord()), ...Array.from({ length: 40 }, () => messages).flat()], testKey, {
      isLegacy: true,
    });
    expect((await read(toBlob(bomb))).error).toMatchObject(refusal);
  });

  test("behavior: ciphertext that was chosen to compress is refused", async () => {
    const bomb = zeroArchive(2 * MIB, 5);
    expect(bomb.length).toBeLessThan(20_000);
    const { bytes, error } = await read(toBlob(bomb));
    expect(error).toMatchObject(refusal);
    expect(bytes).toBeLessThanOrEqual(4 * (MIB + bomb.length));
  });

  test("parameters: maxDecodedBytes", async () => {
    const archive = zeroArchive(MIB, 3);
    expect(await read(toBlob(archive))).toEqual({ bytes: 3 * MIB, error: undefined });
    expect((await read(toBlob(archive), { maxDecodedBytes: 2 * MIB })).error).toMatchObject(refusal);
    expect((await read(toBlob(zeroArchive(2 * MIB, 5)), { maxDecodedBytes: Infinity })).error).toBeUndefined();
  });

  test("behavior: an old archive of one long text that was sent to many people is read", async () => {
    const text = new TextEncoder().encode("Welcome to our help desk. ".repeat(1000));
    const records = [metadataRecord(), ...Array.from({ length: 400 }, (_, number) => messageRecord(number, number, text))].map(
      encodeRecord,
    );
    const archive = await writeSdkLike(records, testKey, { isLegacy: true });
    expect(400 * text.length).toBeGreaterThan(4 * (MIB + archive.length));
    expect(await read(toBlob(archive))).toEqual({ bytes: 400 * text.length, error: undefined });
  });

  test("behavior: a frame that holds more than it says is refused where it does", async () => {
    const archive = await writeSdkLike(sampleRecords(2000).map(encodeRecord), testKey);
    const frame = zstdCompressSync(new Uint8Array(300_000), { pledgedSrcSize: 300_000 });
    // The size of four bytes stands after magic number and descriptor, of a frame without a window.
    expect(frame[4]).toBe(0xa0);
    new DataView(frame.buffer, frame.byteOffset).setUint32(5, 1000, true);
    const { error } = await read(toBlob(new Uint8Array(Buffer.concat([archive.subarray(0, 14), frame]))));
    expect(error).toMatchObject({ code: "ARCHIVE_DAMAGED" });
  });
});

describe("parameters: expectedSha256", () => {
  test("behavior: nothing of another file is decoded", async () => {
    const bomb = toBlob(zeroArchive(2 * MIB, 5));
    const wanted = await hashArchive(toBlob(await write(sampleRecords())));
    const copied = await copiedBytes(() =>
      expect(validateArchive(bomb, testKey, { expectedSha256: wanted })).rejects.toMatchObject({ code: "ARCHIVE_HASH_MISMATCH" }),
    );
    expect(copied).toBeLessThan(4 * bomb.size + 10_000);
  });

  test("behavior: progress grows to the size of the file", async () => {
    const archive = toBlob(await write(sampleRecords(3000)));
    const seen: number[] = [];
    await validateArchive(archive, testKey, {
      expectedSha256: await hashArchive(archive),
      onProgress: ({ doneBytes }) => seen.push(doneBytes),
    });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(archive.size);
  });
});

/** The same nested message in many parts, each with a field that nobody knows. */
const inParts = (field: number, parts: number): Uint8Array => {
  const writer = new WireWriter();
  for (let part = 0; part < parts; part++) writer.bytes(field, Uint8Array.of(0xba, 0x3e, 4, 1, 2, 3, part & 0x7f));
  return writer.finish();
};

describe("nested messages in many parts", () => {
  const contentIn = (parts: number) => {
    const record = messageRecord(1, 1, inParts(1, parts));
    return encodeRecord(record);
  };
  /** A group's metadata is the field 13 of the group, which is the field 2 of a record. */
  const groupIn = (parts: number) => {
    const writer = new WireWriter();
    writer.bytes(2, Buffer.concat([encodeRecord(groupRecord(1)).subarray(3), inParts(13, parts)]));
    return writer.finish();
  };
  /** The element itself in many parts. */
  const elementIn = (parts: number) => inParts(3, parts);

  test.each([
    ["describing content", (parts: number) => describeContent(inParts(1, parts))],
    ["decoding a message", (parts: number) => decodeMessage(encodedContentSpec, inParts(1, parts))],
    ["decoding a group", (parts: number) => decodeMessage(groupSpec, inParts(13, parts))],
    ["decoding a record", (parts: number) => decodeRecord(elementIn(parts))],
    ["scanning a record", (parts: number) => new RecordScan().scan(elementIn(parts))],
    ["reading a group record", (parts: number) => decodeRecord(groupIn(parts))],
  ])("behavior: %s costs what the bytes cost", async (_, work) => {
    const [one, twice] = [await copiedBytes(() => work(4000)), await copiedBytes(() => work(8000))];
    expect(twice).toBeLessThan(3 * one);
    expect(twice).toBeLessThan(40 * inParts(1, 8000).length);
  });

  test.each(["jsonl", "html"] as const)("behavior: a transcript (%s) of them costs what the bytes cost", async (format) => {
    const archive = async (parts: number) =>
      toBlob(await writeSdkLike([encodeRecord(metadataRecord()), encodeRecord(groupRecord(1)), contentIn(parts)], testKey));
    const [small, large] = [await archive(5000), await archive(10_000)];
    const work = (blob: Blob) => copiedBytes(() => new Response(exportTranscript(blob, testKey, format)).text());
    expect(await work(large)).toBeLessThan(3 * (await work(small)));
  });

  test("behavior: all of their unknown fields are kept, in order", () => {
    const { type } = decodeMessage(encodedContentSpec, inParts(1, 3)) as { type: { unknownFields: Uint8Array } };
    expect([...type.unknownFields]).toEqual([0, 1, 2].flatMap((part) => [0xba, 0x3e, 4, 1, 2, 3, part]));
    expect(decodeRecord(elementIn(2))).toMatchObject({
      kind: "message",
      message: { unknownFields: Uint8Array.from([0, 1].flatMap((part) => [0xba, 0x3e, 4, 1, 2, 3, part])) },
    });
    // An element of another kind in between begins the first one again.
    const mixed = Uint8Array.of(...elementIn(1), 0x12, 0, ...elementIn(1));
    expect((decodeRecord(mixed) as { message: { unknownFields: Uint8Array } }).message.unknownFields).toHaveLength(7);
  });
});

describe("ids of any length", () => {
  test("behavior: hex there and back", () => {
    const bytes = crypto.getRandomValues(new Uint8Array(5000));
    expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
    expect(fromHex(toHex(bytes))).toEqual(bytes);
    expect([fromHex("0"), fromHex("zz"), fromHex("0a\n")]).toEqual([undefined, undefined, undefined]);
    // No engine's stack is as deep as this is long.
    expect(fromHex("0a".repeat(8 * MIB))).toHaveLength(8 * MIB);
  });

  test("behavior: a DM has two members, whatever its id claims", async () => {
    const group = groupRecord(1, { conversationType: "group", dmId: `dm:${idOf(1, 32)}:${idOf(2, 32)}${":".repeat(100_000)}` });
    const preview = await (await inspectArchive(toBlob(await write([metadataRecord(), group])), testKey)).preview();
    expect(preview.conversations[0]?.memberInboxIds).toEqual([idOf(1, 32), idOf(2, 32)]);
  });
});
