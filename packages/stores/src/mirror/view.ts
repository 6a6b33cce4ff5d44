import type { ArchiveId, ArchiveStore, CallOptions } from "@xmtp-backup/core";
import { isSame } from "../isSame.ts";
import type { MirrorNotes } from "./notes.ts";

/** The manifests of one place. */
export type Listing = Map<ArchiveId, Uint8Array>;

/** The manifests of the places that answered, by place. */
export type Listings = ReadonlyMap<number, Listing>;

export async function listPlace(store: ArchiveStore, { signal }: CallOptions): Promise<Listing> {
  const listing: Listing = new Map();
  for await (const { id, manifest } of store.list({ signal })) listing.set(id, manifest);
  return listing;
}

/** Every archive that some place lists, except those that were removed while another place was away. */
export function idsOf(listings: Listings, { removed }: MirrorNotes): ArchiveId[] {
  const ids = new Set([...listings.values()].flatMap((listing) => [...listing.keys()]));
  return [...ids].filter((id) => !(id in removed));
}

/** The place whose manifest of an archive is the newest: one that the notes name, otherwise the first that lists it. */
export function newestPlace(id: ArchiveId, listings: Listings, { manifests }: MirrorNotes): number | undefined {
  const holders = [...listings.keys()].sort((left, right) => left - right).filter((index) => listings.get(index)?.has(id));
  return manifests[id]?.places.find((index) => holders.includes(index)) ?? holders[0];
}

/** The newest manifest of an archive. */
export function newestManifest(id: ArchiveId, listings: Listings, notes: MirrorNotes): Uint8Array | undefined {
  const place = newestPlace(id, listings, notes);
  return place === undefined ? undefined : listings.get(place)?.get(id);
}

/** What a place lacks of the archives that the others have: whole archives, newer manifests, removals. */
export function behindOf(index: number, listings: Listings, notes: MirrorNotes): { missing: ArchiveId[]; older: ArchiveId[]; removed: ArchiveId[] } {
  const own = listings.get(index);
  const behind = { missing: [] as ArchiveId[], older: [] as ArchiveId[], removed: [] as ArchiveId[] };
  if (!own) return behind;
  for (const id of idsOf(listings, notes)) {
    const [newest, manifest] = [newestManifest(id, listings, notes), own.get(id)];
    if (!manifest) behind.missing.push(id);
    else if (newest && !isSame(newest, manifest)) behind.older.push(id);
  }
  behind.removed = [...own.keys()].filter((id) => id in notes.removed);
  return behind;
}
