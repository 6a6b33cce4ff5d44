import { BackupError } from "@xmtp-backup/core";
import type { SlotKind, SlotParameters } from "../slots/slotKey.ts";
import { utf8 } from "../util/bytes.ts";
import { ringLimits } from "./ringLimits.ts";

const format = "xmtp-backup/key-ring";
/** The version that is written. Version 1 had no generation, and is read. */
const newestVersion = 2;
/** Slots are as they were in version 1, so that they move into later versions without their secrets. */
const slotVersion = 1;

/** A slot as it is stored; all binary parts are base64. */
export type RingSlot = {
  id: string;
  /** A newer version of the app may have written another kind: it is kept, and sealed to like the others. */
  kind: SlotKind;
  /** When the slot was made, in milliseconds since 1970. */
  createdAtMs: number;
  parameters: SlotParameters;
  /** Made of the slot's secret; whoever has the archive keys can seal new ones to it without the secret. */
  publicKey: string;
  /** What the ring is authenticated with, encrypted under the slot's secret. */
  anchor: string;
  /** The archive keys, newest first, sealed to the public key. */
  sealedKeys: string;
};

/** The public part of a key ring: everything that lies beside the archives. */
export type Ring = {
  version: 1 | 2;
  /** Counts the changes since the ring was made or renewed; 0 in version 1. */
  generation: number;
  /** Of the archive keys, newest first. */
  keyFingerprints: string[];
  /** The fingerprint of that archive key from which the anchor is derived. */
  anchoredBy: string;
  slots: RingSlot[];
};

/** A ring, and its HMAC-SHA-256 under the anchor (base64): only who opened a slot, or has the keys, can make one. */
export type RingFile = Ring & { mac: string };

/** The bytes of a ring: JSON, one way to write each ring, with a checksum that tells damage from a wrong passphrase. */
export async function encodeRing(ring: RingFile): Promise<Uint8Array<ArrayBuffer>> {
  const file = { ...plainPart(ring), mac: ring.mac };
  return utf8(`${JSON.stringify({ ...file, checksum: await checksumOf(file) }, undefined, 2)}\n`);
}

/**
 * The inverse of `encodeRing`, for exactly the bytes that it makes.
 *
 * @throws KEY_RING_DAMAGED for anything else
 * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app wrote it
 */
export async function decodeRing(bytes: Uint8Array): Promise<RingFile> {
  assertNotNewer(bytes);
  if (bytes.length > ringLimits.bytes) throw damaged("The key ring is larger than one can be.");
  const file = parse(bytes);
  if (file?.["format"] !== format) throw damaged("The document in the place of the key ring is no key ring.");
  if (file["version"] === 1 && file["generation"] === undefined) file["generation"] = 0;
  if (!isRingFile(file)) throw damaged("The key ring lacks a part, or has more than one can have.");
  const again = await encodeRing(file);
  if (again.length === bytes.length && again.every((byte, index) => byte === bytes[index])) return file;
  throw damaged("The key ring's bytes are not those that were written.");
}

/**
 * In every version of a ring its format and version come first, so that they are found in what can't be read otherwise.
 *
 * @throws KEY_RING_VERSION_UNSUPPORTED when a newer version of the app wrote these bytes
 */
export function assertNotNewer(bytes: Uint8Array): void {
  const head = new TextDecoder().decode(bytes.subarray(0, 256));
  const version = /^\s*\{\s*"format"\s*:\s*"xmtp-backup\/key-ring"\s*,\s*"version"\s*:\s*(\d+)/.exec(head)?.[1];
  if (version !== undefined && Number(version) > newestVersion) throw newerVersion("A newer version of the app wrote the key ring.");
}

export function damaged(shortMessage: string): BackupError {
  return new BackupError("KEY_RING_DAMAGED", shortMessage);
}

export function newerVersion(shortMessage: string): BackupError {
  return new BackupError("KEY_RING_VERSION_UNSUPPORTED", shortMessage);
}

/** What the anchor authenticates, always written the same way. */
export function authenticatedPart(ring: Ring): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify(plainPart(ring)));
}

/** What a slot's own encryption is bound to. */
export function slotHeader({
  id,
  kind,
  createdAtMs,
  parameters,
  publicKey,
}: Omit<RingSlot, "anchor" | "sealedKeys">): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify({ format, version: slotVersion, id, kind, createdAtMs, parameters, publicKey }));
}

function plainPart({ version, generation, keyFingerprints, anchoredBy, slots }: Ring): object {
  return {
    format,
    version,
    ...(version > 1 && { generation }),
    keyFingerprints,
    anchoredBy,
    slots: slots.map(({ id, kind, createdAtMs, parameters, publicKey, anchor, sealedKeys }) => ({
      id,
      kind,
      createdAtMs,
      parameters,
      publicKey,
      anchor,
      sealedKeys,
    })),
  };
}

async function checksumOf(file: object): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", utf8(JSON.stringify(file))));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as unknown;
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isRingFile(file: Record<string, unknown>): file is RingFile & Record<string, unknown> {
  const { version, generation, keyFingerprints, anchoredBy, slots, mac } = file;
  const isNumbered = version === 1 ? generation === 0 : version === 2 && isGeneration(generation);
  return (
    isNumbered &&
    isListOf(keyFingerprints, ringLimits.keys, isText) &&
    isText(anchoredBy) &&
    isText(mac) &&
    isListOf(slots, ringLimits.slots, isSlot)
  );
}

function isGeneration(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= ringLimits.generation;
}

function isListOf(value: unknown, maximum: number, isOne: (each: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= maximum && value.every(isOne);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isSlot(slot: unknown): boolean {
  if (typeof slot !== "object" || slot === null) return false;
  const { id, kind, createdAtMs, parameters, publicKey, anchor, sealedKeys } = slot as Record<string, unknown>;
  return (
    [id, kind, publicKey, anchor, sealedKeys].every(isText) &&
    typeof createdAtMs === "number" &&
    typeof parameters === "object" &&
    parameters !== null
  );
}
