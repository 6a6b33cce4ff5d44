import type { ArchiveOutline } from "./archiveEntry.ts";
import { maxManifestBytes } from "../ports/storeLimits.ts";

export const manifestFormat = "xmtp-backup/manifest";

/** The version of a manifest whose archive is whole. */
export const manifestVersion = 1;
/** That of an increment: earlier code lists it as one of a newer version. It is the newest that this code reads. */
export const incrementVersion = 1.1;

/** The latest time that a `Date` can hold, in milliseconds since 1970. */
const latestMs = 8_640_000_000_000_000;

/** The clear part of a manifest, which anybody who can write to the store may have written. */
export type ParsedManifest = {
  /** Whether this code can read it, a newer one made it, or nobody can read it. */
  kind: "readable" | "unsupported" | "broken";
  /** What it says; 0 and "" where it says nothing that makes sense. */
  outline: ArchiveOutline;
  version: number;
  /** In Base64. */
  sealed: string;
};

/** Reads the clear part of a manifest; never throws, whatever the bytes are, and reads none that are too many. */
export function parseManifest(bytes: Uint8Array): ParsedManifest {
  const file = parseObject(bytes);
  const { id, createdAtMs, sizeBytes, keyFingerprint, sealed, format, version } = file;
  const outline: ArchiveOutline = {
    id: typeof id === "string" ? id : "",
    createdAtMs: isWithin(createdAtMs, latestMs) ? createdAtMs : 0,
    sizeBytes: Number.isSafeInteger(sizeBytes) && isWithin(sizeBytes, Number.MAX_SAFE_INTEGER) ? sizeBytes : 0,
    keyFingerprint: typeof keyFingerprint === "string" && /^[0-9a-f]{16}$/.test(keyFingerprint) ? keyFingerprint : "",
  };
  const isSame =
    outline.id === id &&
    outline.createdAtMs === createdAtMs &&
    outline.sizeBytes === sizeBytes &&
    outline.keyFingerprint === keyFingerprint;
  const isNewer = format === manifestFormat && typeof version === "number" && version > incrementVersion;
  const isKnown = version === manifestVersion || version === incrementVersion;
  const isReadable = format === manifestFormat && isKnown && isSame && typeof sealed === "string";
  return {
    kind: isNewer ? "unsupported" : isReadable ? "readable" : "broken",
    outline,
    version: isKnown ? version : 0,
    sealed: typeof sealed === "string" ? sealed : "",
  };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  // A store that has no bounds of its own may give so many.
  if (bytes.length > maxManifestBytes) return {};
  try {
    const file: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof file === "object" && file !== null ? (file as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isWithin(value: unknown, latest: number): value is number {
  return typeof value === "number" && value >= 0 && value <= latest;
}
