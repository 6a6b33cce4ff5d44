import type { ArchiveDetails, ArchiveEntry, ArchiveOutline } from "../model/archiveEntry.ts";
import { decodeDetails, encodeDetails } from "./manifestJson.ts";
import type { ManifestKey } from "./manifestKey.ts";

const format = "xmtp-backup/manifest";
const version = 1;
const nonceBytes = 12;

type ManifestFile = ArchiveOutline & { format: string; version: number; sealed: string };

/** The bytes of a manifest: the outline in the clear, the details sealed and the whole authenticated (AES-256-GCM). */
export async function sealManifest(
  outline: Omit<ArchiveOutline, "keyFingerprint">,
  details: ArchiveDetails,
  { fingerprint, sealing }: ManifestKey,
): Promise<Uint8Array> {
  const clear: ArchiveOutline = { ...outline, keyFingerprint: fingerprint };
  const nonce = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const plaintext = new TextEncoder().encode(encodeDetails(details));
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: boundTo(clear) }, sealing, plaintext);
  const file: ManifestFile = { format, version, ...clear, sealed: toBase64(concat(nonce, new Uint8Array(ciphertext))) };
  return new TextEncoder().encode(`${JSON.stringify(file, undefined, 2)}\n`);
}

/**
 * Reads a manifest with whichever of the keys made it.
 *
 * Returns undefined for bytes that are not a manifest of a version this code knows: a list skips them.
 */
export async function openManifest(bytes: Uint8Array, keys: readonly ManifestKey[]): Promise<ArchiveEntry | undefined> {
  const file = parse(bytes);
  if (!file) return undefined;
  const outline: ArchiveOutline = {
    id: file.id,
    createdAtMs: file.createdAtMs,
    sizeBytes: file.sizeBytes,
    keyFingerprint: file.keyFingerprint,
  };
  const key = keys.find(({ fingerprint }) => fingerprint === file.keyFingerprint);
  if (!key) return { ...outline, seal: "otherKey" };
  try {
    const sealed = fromBase64(file.sealed);
    const plaintext = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: sealed.subarray(0, nonceBytes), additionalData: boundTo(outline) },
      key.sealing,
      sealed.subarray(nonceBytes),
    );
    return { ...outline, seal: "open", details: decodeDetails(new TextDecoder().decode(plaintext)) };
  } catch {
    return { ...outline, seal: "damaged" };
  }
}

function parse(bytes: Uint8Array): ManifestFile | undefined {
  try {
    const file = JSON.parse(new TextDecoder().decode(bytes)) as Partial<ManifestFile> | null;
    if (file?.format !== format || file.version !== version) return undefined;
    const { id, createdAtMs, sizeBytes, keyFingerprint: fingerprint, sealed } = file;
    const isWhole =
      typeof id === "string" &&
      Number.isFinite(createdAtMs) &&
      Number.isSafeInteger(sizeBytes) &&
      typeof fingerprint === "string" &&
      typeof sealed === "string";
    return isWhole ? (file as ManifestFile) : undefined;
  } catch {
    return undefined;
  }
}

/** The outline as additional data: who alters the clear part breaks the seal. */
function boundTo({ id, createdAtMs, sizeBytes, keyFingerprint: fingerprint }: ArchiveOutline): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([format, version, id, createdAtMs, sizeBytes, fingerprint].join("\n"));
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
