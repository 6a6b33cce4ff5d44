// The script of a page: what tests call in a real browser. It answers with JSON, since bytes and bigints don't travel.
import { ArchiveError, type ArchiveRecord, readArchive, validateArchive } from "../src/index.ts";
import type { ArchivePrimitives } from "../src/index.ts";
import { RecordCipher } from "../src/crypto/recordCipher.ts";
import { sealArchive } from "../src/write/sealArchive.ts";
import { browserPrimitives, countingCalls, recordByRecord } from "./browserPrimitives.ts";
import { toJson } from "./toJson.ts";

const waysToOpen = { "in batches": {}, "as a page does": browserPrimitives, "record by record": recordByRecord } satisfies Record<
  string,
  ArchivePrimitives
>;

/** How records are opened and sealed. */
export type Way = keyof typeof waysToOpen;

const keyOf = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

const fetchBlob = async (path: string): Promise<Blob> => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.blob();
};

const recordsOf = async (archive: Blob, key: Uint8Array, primitives?: ArchivePrimitives): Promise<ArchiveRecord[]> => {
  const records: ArchiveRecord[] = [];
  for await (const record of readArchive(archive, key, { primitives })) records.push(record);
  return records;
};

/** What `validateArchive` and `readArchive` say of a sound archive. */
export const readWhole = async (path: string, keyHex: string, way: Way): Promise<string> => {
  const archive = await fetchBlob(path);
  const key = keyOf(keyHex);
  const primitives = waysToOpen[way];
  return toJson({ report: await validateArchive(archive, key, { primitives }), records: await recordsOf(archive, key, primitives) });
};

export type Refusal = Partial<Pick<ArchiveError, "code" | "byteOffset" | "recordIndex">>;

/** Why an archive is refused; nothing if it is not. */
export const refusalOf = async (path: string, keyHex: string, way: Way): Promise<Refusal> => {
  try {
    await validateArchive(await fetchBlob(path), keyOf(keyHex), { primitives: waysToOpen[way] });
    return {};
  } catch (error) {
    if (!ArchiveError.is(error)) throw error;
    const { code, byteOffset, recordIndex } = error;
    return JSON.parse(JSON.stringify({ code, byteOffset, recordIndex })) as Refusal;
  }
};

/** Seals records of these lengths in one batch: how many got a call of their own, and the SHA-256 of what came of it. */
export const sealLengths = async (
  keyHex: string,
  nonceHex: string,
  lengths: readonly number[],
  way: Way,
): Promise<{ each: number; sha256: string }> => {
  const counting = countingCalls(waysToOpen[way]);
  const primitives = way === "in batches" ? {} : counting.primitives;
  const plaintexts = lengths.map((length, index) => new Uint8Array(length).fill(index + 1));
  const cipher = await RecordCipher.create(keyOf(keyHex), primitives);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of sealArchive([plaintexts], cipher, undefined, keyOf(nonceHex))) parts.push(part.slice());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
  return { each: counting.calls.seal, sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("") };
};

export type FlipOutcome = {
  /** How many flips gave each error code. */
  codes: Record<string, number>;
  /** Bits that changed nothing: the same records. */
  same: number;
  /** Bits that gave other records, or an error that is not ours: there must be none. */
  wrong: string[];
};

/** Flips each bit of an archive in turn, and reads what comes of it. */
export const flipEachBit = async (path: string, keyHex: string): Promise<FlipOutcome> => {
  const bytes = new Uint8Array(await (await fetchBlob(path)).arrayBuffer());
  const key = keyOf(keyHex);
  const sound = toJson(await recordsOf(new Blob([bytes]), key));
  const outcome: FlipOutcome = { codes: {}, same: 0, wrong: [] };
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
    try {
      const isSame = toJson(await recordsOf(new Blob([damaged]), key)) === sound;
      if (isSame) outcome.same++;
      else outcome.wrong.push(`bit ${bit}: other records`);
    } catch (error) {
      if (ArchiveError.is(error)) outcome.codes[error.code] = (outcome.codes[error.code] ?? 0) + 1;
      else outcome.wrong.push(`bit ${bit}: ${String(error)}`);
    }
  }
  return outcome;
};
