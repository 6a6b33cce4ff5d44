import { type ArchiveId, type ArchiveOutline } from "@xmtp-backup/core";
import { isArchiveId } from "../layout.ts";

const format = "xmtp-backup/mirror";
const version = 2;
/** A longer document is none of ours. */
const maxBytes = 4 * 1024 * 1024;
export const maxVersions = 32;
export const maxSuperseding = 8;
/** How many places notes know of. */
export const maxPlaces = 16;

/** An archive was removed by somebody who could open its manifest. The proof is made with the key that made the archive. */
export type Removal = ArchiveOutline & {
  /** The `changedAtMs` of the manifest that was seen. */
  changedAtMs: number;
  /** Whole archives that were there and are at least as new. Where one of them is listed, the removed one is superseded. */
  supersededBy: readonly ArchiveId[];
  mac: string;
  /** The places that have carried it out. */
  doneIn?: readonly Done[];
};

/** A place, by its id, has carried a removal out. The proof is made by a device that saw it, with the key that made the archive. */
export type Done = { place: string; mac: string };

/** The versions of a document in the order in which they were written, as SHA-256. The last one is the newest. */
export type DocumentNote = {
  name: string;
  /** Grows by one with each change. */
  turn: number;
  versions: readonly string[];
  keyFingerprint: string;
  mac: string;
};

/** A place that belongs to the mirror of some device of the inbox. */
export type PlaceNote = { id: string; keyFingerprint: string; mac: string };

export type Notes = {
  /** What the place in which these notes lie calls itself. Nothing proves it. */
  place?: string;
  places: readonly PlaceNote[];
  removed: readonly Removal[];
  documents: readonly DocumentNote[];
};

export const noNotes: Notes = { places: [], removed: [], documents: [] };

/** What lies where a place keeps the notes. Nothing of it is proven yet. */
export type FoundNotes = { kind: "notes"; notes: Notes } | { kind: "newer" };

/**
 * Reads notes. Damaged ones read as none, and so do those of version 1: they name places by their order, and prove nothing. Those of a
 * later version are reported, so that they stay as they are.
 */
export function parseNotes(bytes: Uint8Array): FoundNotes {
  const none: FoundNotes = { kind: "notes", notes: noNotes };
  if (bytes.length > maxBytes) return none;
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown> | null;
    if (value?.["format"] !== format) return none;
    if (typeof value["version"] === "number" && value["version"] > version) return { kind: "newer" };
    const { place, places, removed, documents } = value;
    return {
      kind: "notes",
      notes: {
        ...(isArchiveId(place) && { place }),
        places: listOf(places, isPlaceNote),
        removed: listOf(removed, isRemoval),
        documents: listOf(documents, isDocumentNote),
      },
    };
  } catch {
    return none;
  }
}

export function formatNotes({ place, places, removed, documents }: Notes): Uint8Array {
  const file = { format, version, place, places, removed: removed.map(inOrder), documents };
  return new TextEncoder().encode(`${JSON.stringify(file, undefined, 2)}\n`);
}

/** What the proof of a place vouches for: that a device with the key met it. */
export function placeText({ id, keyFingerprint }: Omit<PlaceNote, "mac">): string {
  return [format, version, "place", id, keyFingerprint].join("\n");
}

/** What the proof of a removal vouches for. */
export function removalText({
  id,
  createdAtMs,
  sizeBytes,
  keyFingerprint,
  changedAtMs,
  supersededBy,
}: Omit<Removal, "mac" | "doneIn">): string {
  return [format, version, "removed", id, createdAtMs, sizeBytes, keyFingerprint, changedAtMs, supersededBy.join(",")].join("\n");
}

/** What the proof of a document's versions vouches for. */
export function documentText({ name, turn, versions, keyFingerprint }: Omit<DocumentNote, "mac">): string {
  return [format, version, "document", name, turn, keyFingerprint, versions.join(",")].join("\n");
}

function inOrder({ id, createdAtMs, sizeBytes, keyFingerprint, changedAtMs, supersededBy, mac, doneIn = [] }: Removal): Removal {
  return { id, createdAtMs, sizeBytes, keyFingerprint, changedAtMs, supersededBy, mac, ...(doneIn.length > 0 && { doneIn }) };
}

function listOf<T>(value: unknown, isEntry: (entry: Record<string, unknown>) => boolean): T[] {
  if (!Array.isArray(value)) return [];
  return value.filter((entry: unknown) => typeof entry === "object" && entry !== null && isEntry(entry as Record<string, unknown>)) as T[];
}

/** What the proof of a removal that was carried out vouches for: this removal, in this place. */
export function doneText({ id, mac }: Pick<Removal, "id" | "mac">, place: string): string {
  return [format, version, "done", id, mac, place].join("\n");
}

function isDone(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    "place" in value &&
    isArchiveId(value.place) &&
    "mac" in value &&
    typeof value.mac === "string"
  );
}

function isPlaceNote({ id, keyFingerprint, mac }: Record<string, unknown>): boolean {
  return isArchiveId(id) && typeof keyFingerprint === "string" && typeof mac === "string";
}

function isRemoval({
  id,
  createdAtMs,
  sizeBytes,
  keyFingerprint,
  changedAtMs,
  supersededBy,
  mac,
  doneIn = [],
}: Record<string, unknown>): boolean {
  const areNumbers = [createdAtMs, sizeBytes, changedAtMs].every(Number.isFinite);
  return (
    isArchiveId(id) &&
    areNumbers &&
    typeof keyFingerprint === "string" &&
    isShortList(supersededBy, maxSuperseding, isArchiveId) &&
    isShortList(doneIn, maxPlaces, isDone) &&
    typeof mac === "string"
  );
}

function isDocumentNote({ name, turn, versions, keyFingerprint, mac }: Record<string, unknown>): boolean {
  const areTexts = [keyFingerprint, mac].every((each) => typeof each === "string");
  return (
    typeof name === "string" &&
    /^[a-z0-9-]+$/.test(name) &&
    Number.isSafeInteger(turn) &&
    areTexts &&
    isShortList(versions, maxVersions, isMark)
  );
}

function isMark(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isShortList(value: unknown, longest: number, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= longest && value.every(isItem);
}
