import type { ArchiveId } from "@xmtp-backup/core";

/** Which places have the newest of something, and since when. */
export type Newest = { atMs: number; places: number[] };

/**
 * What a mirror must remember of places that missed something: archives that were removed, and manifests and documents of which some place
 * has an older one. An entry goes once every place has caught up; one that comes back with a place that was away changes nothing.
 */
export type MirrorNotes = {
  removed: Readonly<Record<ArchiveId, number>>;
  manifests: Readonly<Record<ArchiveId, Newest>>;
  documents: Readonly<Record<string, Newest>>;
};

export const noNotes: MirrorNotes = { removed: {}, manifests: {}, documents: {} };

/** What two places remember, together: of two entries for the same thing the later one holds. */
export function mergeNotes(left: MirrorNotes, right: MirrorNotes): MirrorNotes {
  return { removed: { ...left.removed, ...right.removed }, manifests: later(left.manifests, right.manifests), documents: later(left.documents, right.documents) };
}

/** A newer entry than `earlier`, whatever the clock of the device that made that one says. */
export function newerThan(earlier: Newest | undefined, places: number[], nowMs: number): Newest {
  return { atMs: Math.max(nowMs, (earlier?.atMs ?? -Infinity) + 1), places };
}

export function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

/** Notes as they are stored; damaged ones read as none. */
export function parseNotes(bytes: Uint8Array): MirrorNotes {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Record<keyof MirrorNotes, unknown>>;
    return { removed: entriesOf(value.removed, isTime), manifests: entriesOf(value.manifests, isNewest), documents: entriesOf(value.documents, isNewest) };
  } catch {
    return noNotes;
  }
}

export function formatNotes(notes: MirrorNotes): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(notes));
}

function later(left: MirrorNotes["manifests"], right: MirrorNotes["manifests"]): MirrorNotes["manifests"] {
  const merged = { ...left };
  for (const [name, entry] of Object.entries(right)) if (entry.atMs >= (merged[name]?.atMs ?? -Infinity)) merged[name] = entry;
  return merged;
}

function entriesOf<T>(value: unknown, isEntry: (entry: unknown) => entry is T): Record<string, T> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, T] => isEntry(entry[1])));
}

function isTime(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isNewest(value: unknown): value is Newest {
  if (typeof value !== "object" || value === null || !("atMs" in value) || !("places" in value)) return false;
  return isTime(value.atMs) && Array.isArray(value.places) && value.places.every(Number.isInteger);
}
