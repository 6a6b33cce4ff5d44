import { BackupError } from "@xmtp-backup/core";
import type { SlotKind, SlotParameters } from "../slots/slotKey.ts";
import { utf8 } from "./bytes.ts";

const format = "xmtp-backup/key-ring";
const version = 1;

/** A slot as it is stored; all binary parts are base64. */
export type RingSlot = {
  id: string;
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
  const file = { format, version, ...inOrder(ring), mac: ring.mac };
  return utf8(`${JSON.stringify({ ...file, checksum: await checksumOf(file) }, undefined, 2)}\n`);
}

/**
 * The inverse of `encodeRing`, for exactly the bytes that it makes.
 *
 * @throws KEY_RING_DAMAGED for anything else
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version of the app wrote it
 */
export async function decodeRing(bytes: Uint8Array): Promise<RingFile> {
  const file = parse(bytes);
  if (file?.["format"] !== format) throw damaged("What lies in the place of the key ring is none.");
  if (typeof file["version"] === "number" && file["version"] > version) {
    throw new BackupError("ARCHIVE_VERSION_UNSUPPORTED", "The key ring was written by a newer version of the app.");
  }
  if (!isRingFile(file)) throw damaged("The key ring lacks a part.");
  const again = await encodeRing(file);
  if (again.length === bytes.length && again.every((byte, index) => byte === bytes[index])) return file;
  throw damaged("The key ring's bytes are not those that were written.");
}

export function damaged(shortMessage: string): BackupError {
  return new BackupError("KEY_RING_DAMAGED", shortMessage);
}

/** What the anchor authenticates, always written the same way. */
export function authenticatedPart(ring: Ring): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify({ format, version, ...inOrder(ring) }));
}

/** What a slot's own encryption is bound to. */
export function slotHeader({ id, kind, createdAtMs, parameters, publicKey }: Omit<RingSlot, "anchor" | "sealedKeys">): Uint8Array<ArrayBuffer> {
  return utf8(JSON.stringify({ format, version, id, kind, createdAtMs, parameters, publicKey }));
}

function inOrder({ keyFingerprints, anchoredBy, slots }: Ring): Ring {
  return {
    keyFingerprints,
    anchoredBy,
    slots: slots.map(({ id, kind, createdAtMs, parameters, publicKey, anchor, sealedKeys }) => ({ id, kind, createdAtMs, parameters, publicKey, anchor, sealedKeys })),
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
  const { keyFingerprints, anchoredBy, slots, mac } = file;
  const isTextList = Array.isArray(keyFingerprints) && keyFingerprints.every((each) => typeof each === "string");
  return isTextList && typeof anchoredBy === "string" && typeof mac === "string" && Array.isArray(slots) && slots.every(isSlot);
}

function isSlot(slot: unknown): slot is RingSlot {
  if (typeof slot !== "object" || slot === null) return false;
  const { id, kind, createdAtMs, parameters, publicKey, anchor, sealedKeys } = slot as Record<string, unknown>;
  const areTexts = [id, kind, publicKey, anchor, sealedKeys].every((each) => typeof each === "string");
  return areTexts && typeof createdAtMs === "number" && typeof parameters === "object" && parameters !== null;
}
