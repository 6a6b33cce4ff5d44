import { readFile } from "node:fs/promises";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { RecordCipher } from "../src/crypto/recordCipher.ts";
import { type ArchiveErrorCode, type ArchiveRecord, readArchive, validateArchive } from "../src/index.ts";
import { encodeRecord } from "../src/protobuf/recordCodec.ts";
import { sealArchive } from "../src/write/sealArchive.ts";
import { toBlob } from "./archives.ts";
import { textContent } from "./contents.ts";
import { nodePrimitives } from "./nodePrimitives.ts";
import { consentRecord, groupRecord, idOf, messageRecord, metadataRecord, sampleRecords } from "./records.ts";
import { type SdkLikeOptions, writeSdkLike } from "./sdkLikeArchive.ts";

/** Vectors that other programs made. */
const madeElsewhere = new URL("../vectors/archives/", import.meta.url);

/** The key of all vectors but those that have their own. */
export const vectorKey = Uint8Array.from({ length: 32 }, (_, at) => at);
const nonce = Uint8Array.from({ length: 12 }, (_, at) => 0xa0 + at);

export type ValidVector = { name: string; about: string; keyHex?: string; report: unknown; records: unknown };
export type InvalidVector = {
  name: string;
  about: string;
  keyHex?: string;
  code: ArchiveErrorCode;
  byteOffset?: number;
  recordIndex?: number;
};
export type VectorIndex = { keyHex: string; valid: ValidVector[]; invalid: InvalidVector[] };

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const sdkLike = (records: ArchiveRecord[], options: SdkLikeOptions = {}): Promise<Uint8Array> =>
  writeSdkLike(records.map(encodeRecord), vectorKey, { nonce, ...options });

const importSafe = async (records: ArchiveRecord[]): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  const cipher = await RecordCipher.create(vectorKey, nodePrimitives);
  for await (const part of sealArchive([records.map(encodeRecord)], cipher, undefined, nonce)) parts.push(part);
  return new Uint8Array(Buffer.concat(parts));
};

const unknownFields = Uint8Array.of(0xc2, 0x3e, 3, 1, 2, 3);

/** Every field of every record, none with its default. */
const everything: ArchiveRecord[] = [
  metadataRecord({ startNs: -1n, endNs: 1_764_000_000_000_000_000n }),
  consentRecord(1, { entityType: "inboxId", state: "denied" }),
  groupRecord(1, {
    membershipState: "restored",
    welcomeId: 5n,
    conversationType: "dm",
    dmId: `dm:${idOf(1, 32)}:${idOf(2, 32)}`,
    messageDisappearFromNs: 6n,
    messageDisappearInNs: 7n,
    mutableMetadata: {
      attributes: { group_name: "Tea", app_data: "ü" },
      adminList: [idOf(3, 32)],
      superAdminList: [idOf(4, 32), idOf(5, 32)],
    },
    pausedForVersion: "1.2.3",
  }),
  messageRecord(1, 1, textContent("every field"), {
    kind: "membershipChange",
    deliveryStatus: "failed",
    contentTypeNumber: 2,
    versionMinor: -1,
    referenceId: "0a0b0c",
    sequenceId: -(2n ** 63n),
    originatorId: 2n ** 63n - 1n,
  }),
  { kind: "event", event: Uint8Array.of(8, 1) },
];

const validArchives = async (): Promise<Record<string, [about: string, bytes: Uint8Array, keyHex?: string]>> => ({
  "metadata-only": ["the smallest archive", await sdkLike([metadataRecord({ elements: [] })])],
  sample: ["consent, a group, a direct message conversation, six messages", await sdkLike(sampleRecords())],
  "every-field": ["every field of every kind of record", await sdkLike(everything)],
  "import-safe": [
    "a message of 10 kB, which an importer that reads from a file reaches only behind empty records",
    await importSafe([metadataRecord(), groupRecord(1), messageRecord(1, 1, new Uint8Array(10_000).fill(0x61)), messageRecord(2, 1)]),
  ],
  "compressed-blocks": [
    "so many small records that the encoder compresses their length prefixes",
    await sdkLike([
      metadataRecord(),
      consentRecord(1),
      ...Array.from({ length: 200 }, () => ({ kind: "none" }) as const),
      consentRecord(2),
    ]),
  ],
  "checksum-and-size": [
    "a frame with content size and checksum, which no SDK writes",
    await sdkLike(sampleRecords(2), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }).then((archive) =>
      reframe(archive, (frame) => zstdCompressSync(frame, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })),
    ),
  ],
  legacy: ["written before November 2025: every record has the same nonce", await sdkLike(sampleRecords(), { isLegacy: true })],
  // Nothing here makes it: it is kept as it was found.
  "legacy-sdk": ["written by an SDK of before November 2025", await readFile(new URL("legacy-sdk.xmtp", madeElsewhere)), "00".repeat(32)],
  "nonce-carry": [
    "the nonce is a little-endian counter, and its carry goes through all twelve bytes",
    await sdkLike(sampleRecords(), { nonce: Uint8Array.of(0xfd, ...new Array<number>(11).fill(0xff)) }),
  ],
  "unknown-fields": [
    "unknown fields at every level, an unknown kind of record, an empty record",
    await sdkLike([
      { ...metadataRecord({ unknownFields }), unknownFields },
      groupRecord(1, { unknownFields, metadata: { creatorInboxId: "", unknownFields } }),
      messageRecord(1, 1, textContent("hello"), { unknownFields, kind: "application" }),
      { kind: "none", unknownFields },
      { kind: "none" },
    ]),
  ],
  orphans: [
    "messages without a conversation, before it, and twice",
    await sdkLike([metadataRecord(), messageRecord(1, 1), messageRecord(2, 9), groupRecord(1), messageRecord(3, 1), messageRecord(3, 1)]),
  ],
  unimportable: [
    "records at which an SDK's import stops",
    await sdkLike([
      metadataRecord(),
      consentRecord(1, { entityType: "address" }),
      groupRecord(1),
      groupRecord(2, { conversationType: "dm" }),
      messageRecord(1, 1, textContent("hello"), { deliveryStatus: "unspecified" }),
      { kind: "unreadable", bytes: Uint8Array.of(0x1a, 0x7f) },
      messageRecord(2, 1),
    ]),
  ],
});

/** The same records in another zstd frame. */
const reframe = (archive: Uint8Array, change: (decoded: Uint8Array) => Uint8Array): Uint8Array =>
  new Uint8Array(Buffer.concat([archive.subarray(0, 14), change(zstdDecompressSync(archive.subarray(14)))]));

/** Sealed records, each with its length. */
const recordsOf = (decoded: Uint8Array): Uint8Array[] => {
  const records: Uint8Array[] = [];
  for (let at = 0; at < decoded.length; ) {
    const end = at + 4 + Buffer.from(decoded.buffer, decoded.byteOffset).readUInt32LE(at);
    records.push(decoded.subarray(at, end));
    at = end;
  }
  return records;
};
const reorder = (archive: Uint8Array, order: readonly number[]): Uint8Array =>
  reframe(archive, (decoded) => {
    const records = recordsOf(decoded);
    return zstdCompressSync(Buffer.concat(order.map((index) => records[index] as Uint8Array)));
  });

const flip = (archive: Uint8Array, at: number): Uint8Array => {
  const damaged = archive.slice();
  damaged[at < 0 ? archive.length + at : at] = (damaged.at(at) as number) ^ 1;
  return damaged;
};

const invalidArchives = async (): Promise<Record<string, [about: string, bytes: Uint8Array, code: ArchiveErrorCode, keyHex?: string]>> => {
  const sample = await sdkLike(sampleRecords());
  const head = sample.subarray(0, 14);
  const frameHead = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x38);
  const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
  const withLength = (length: number) =>
    reframe(sample, (decoded) => {
      const first = recordsOf(decoded)[0] as Uint8Array;
      const prefix = new Uint8Array(4);
      new DataView(prefix.buffer).setUint32(0, length, true);
      return zstdCompressSync(Buffer.concat([first, prefix, new Uint8Array(100)]));
    });
  return {
    "empty-file": ["no bytes", new Uint8Array(), "ARCHIVE_TRUNCATED"],
    "cut-in-header": ["cut within the nonce", sample.subarray(0, 9), "ARCHIVE_TRUNCATED"],
    "cut-in-records": ["cut in the middle", sample.subarray(0, 700), "ARCHIVE_TRUNCATED"],
    "cut-before-end": ["the last byte is missing", sample.subarray(0, -1), "ARCHIVE_TRUNCATED"],
    "byte-after-end": ["a byte follows the frame", join(sample, new Uint8Array(1)), "ARCHIVE_DAMAGED"],
    "second-frame": ["a second zstd frame follows", join(sample, sample.subarray(14)), "ARCHIVE_DAMAGED"],
    "other-file": ["a text", new TextEncoder().encode("This is not an archive.\n"), "ARCHIVE_NOT_AN_ARCHIVE"],
    "no-frame": ["version and nonce, but no zstd frame", new Uint8Array(100), "ARCHIVE_NOT_AN_ARCHIVE"],
    "version-1": ["a format version that does not exist", join(Uint8Array.of(1), sample.subarray(1)), "ARCHIVE_UNSUPPORTED_VERSION"],
    "wrong-key": ["an intact archive and another key", sample, "ARCHIVE_KEY_OR_DAMAGE", "ff".repeat(32)],
    "short-key": ["a key of 31 bytes", sample, "ARCHIVE_INVALID_KEY", "00".repeat(31)],
    "damaged-nonce": ["no record opens with the nonce", flip(sample, 7), "ARCHIVE_KEY_OR_DAMAGE"],
    "damaged-first-record": ["the others still open, so that the key is right", flip(sample, 40), "ARCHIVE_DAMAGED"],
    "damaged-last-tag": ["the last bit of the last tag", flip(sample, -1), "ARCHIVE_DAMAGED"],
    "damaged-in-the-middle": ["a bit of a content", flip(sample, 900), "ARCHIVE_DAMAGED"],
    "repeated-record": ["a record stands twice", reorder(sample, [0, 1, 2, 2, 3]), "ARCHIVE_DAMAGED"],
    "moved-record": ["two records changed places", reorder(sample, [0, 2, 1, 3]), "ARCHIVE_DAMAGED"],
    "missing-record": ["a record in the middle is missing", reorder(sample, [0, 1, 3]), "ARCHIVE_DAMAGED"],
    "no-metadata": ["the first record is not the metadata", await sdkLike(sampleRecords().slice(1)), "ARCHIVE_DAMAGED"],
    "no-records": ["an empty zstd frame", join(head, zstdCompressSync(new Uint8Array())), "ARCHIVE_DAMAGED"],
    "ends-in-record": [
      "the frame is whole, its last record is not",
      reframe(sample, (decoded) => zstdCompressSync(decoded.subarray(0, -5))),
      "ARCHIVE_DAMAGED",
    ],
    "record-too-short": ["a record of 15 bytes, less than a tag", withLength(15), "ARCHIVE_DAMAGED"],
    "record-too-long": ["a record that claims 4 GB", withLength(0xffff_ffff), "ARCHIVE_DAMAGED"],
    "reserved-block": ["a zstd block of the reserved type", join(head, frameHead, Uint8Array.of(7, 0, 0)), "ARCHIVE_DAMAGED"],
    "block-bomb": [
      "a zstd block of nine bytes whose sequences would decode to 6 GB",
      join(head, frameHead, Uint8Array.of(0x4d, 0, 0, 0, 0xff, 0xff, 0xff, 0x54, 0, 0, 52, 0x80)),
      "ARCHIVE_DAMAGED",
    ],
    "wrong-checksum": [
      "the frame's checksum does not match",
      flip(
        reframe(sample, (decoded) => zstdCompressSync(decoded, { params: { [constants.ZSTD_c_checksumFlag]: 1 } })),
        -1,
      ),
      "ARCHIVE_DAMAGED",
    ],
  };
};

/** All vectors: the archives, and what a reader must find in them. */
export const makeVectors = async (): Promise<{ files: Record<string, Uint8Array>; index: VectorIndex }> => {
  const files: Record<string, Uint8Array> = {};
  const index: VectorIndex = { keyHex: hex(vectorKey), valid: [], invalid: [] };
  for (const [name, [about, made, keyHex]] of Object.entries(await validArchives())) {
    const bytes = (files[name] = new Uint8Array(made));
    const key = Uint8Array.from(Buffer.from(keyHex ?? index.keyHex, "hex"));
    const records: ArchiveRecord[] = [];
    for await (const record of readArchive(toBlob(bytes), key)) records.push(record);
    index.valid.push({
      name,
      about,
      ...(keyHex === undefined ? {} : { keyHex }),
      report: await validateArchive(toBlob(bytes), key),
      records,
    });
  }
  for (const [name, [about, bytes, code, keyHex]] of Object.entries(await invalidArchives())) {
    files[name] = bytes;
    const key = Uint8Array.from(Buffer.from(keyHex ?? index.keyHex, "hex"));
    const error = (await validateArchive(toBlob(bytes), key).catch((reason: unknown) => reason)) as InvalidVector;
    if (error.code !== code) throw new Error(`${name}: ${error.code} instead of ${code}`);
    const { byteOffset, recordIndex } = error;
    index.invalid.push({
      name,
      about,
      ...(keyHex === undefined ? {} : { keyHex }),
      code,
      ...(byteOffset === undefined ? {} : { byteOffset }),
      ...(recordIndex === undefined ? {} : { recordIndex }),
    });
  }
  return { files, index };
};
