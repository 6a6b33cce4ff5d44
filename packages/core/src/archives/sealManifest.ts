import type { ArchiveDetails, ArchiveEntry, ArchiveOutline } from "./archiveEntry.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import { isArchiveDetails } from "./isArchiveDetails.ts";
import { fromBase64, toBase64 } from "./base64.ts";
import { decodeDetails, encodeDetails } from "./encodeDetails.ts";
import type { ManifestKey } from "./manifestKey.ts";
import { incrementVersion, manifestFormat, manifestVersion, parseManifest } from "./parseManifest.ts";

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
  const version = versionOf(details);
  const plaintext = new TextEncoder().encode(encodeDetails(details));
  const ciphertext = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonce, additionalData: boundTo(clear, version) },
    sealing,
    plaintext,
  );
  const sealed = toBase64(concat(nonce, new Uint8Array(ciphertext)));
  const file: ManifestFile = { format: manifestFormat, version, ...clear, sealed };
  return new TextEncoder().encode(`${JSON.stringify(file, undefined, 2)}\n`);
}

/**
 * Reads the manifest that a store keeps for an id, with whichever of the keys made it.
 *
 * Any bytes make an entry: the store has something there, and hiding it would hide a backup.
 */
export async function openManifest(id: ArchiveId, bytes: Uint8Array, keys: readonly ManifestKey[]): Promise<ArchiveEntry> {
  const { kind, outline: clear, version, sealed } = parseManifest(bytes);
  const outline = { ...clear, id };
  if (kind === "unsupported") return { ...outline, seal: "unsupported" };
  if (kind === "broken" || clear.id !== id) return { ...outline, seal: "damaged" };
  const key = keys.find(({ fingerprint }) => fingerprint === outline.keyFingerprint);
  if (!key) return { ...outline, seal: "otherKey" };
  const details = await openDetails(outline, version, sealed, key);
  return details ? { ...outline, seal: "open", details } : { ...outline, seal: "damaged" };
}

/** The sealed part; undefined unless this key sealed it for this outline and it has the shape of one. */
async function openDetails(
  outline: ArchiveOutline,
  version: number,
  sealed: string,
  { sealing }: ManifestKey,
): Promise<ArchiveDetails | undefined> {
  try {
    const bytes = fromBase64(sealed);
    const plaintext = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: bytes.subarray(0, nonceBytes), additionalData: boundTo(outline, version) },
      sealing,
      bytes.subarray(nonceBytes),
    );
    const details: unknown = decodeDetails(new TextDecoder().decode(plaintext));
    return isArchiveDetails(details) && versionOf(details) === version ? details : undefined;
  } catch {
    return undefined;
  }
}

function versionOf({ increment }: ArchiveDetails): number {
  return increment ? incrementVersion : manifestVersion;
}

/** The outline as additional data: who alters the clear part breaks the seal. */
function boundTo({ id, createdAtMs, sizeBytes, keyFingerprint: fingerprint }: ArchiveOutline, version: number): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode([manifestFormat, version, id, createdAtMs, sizeBytes, fingerprint].join("\n"));
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}
