import type { ArchiveId, CallOptions } from "@xmtp-backup/core";
import type { KeysAtHand } from "./keysAtHand.ts";
import { type Listings, listPlace, type Manifest, manifestOf } from "./manifests.ts";
import type { Notebook } from "./notebook.ts";
import type { Places } from "./places.ts";
import { type Standing, standingOf } from "./standing.ts";

export type View = ReturnType<typeof createView>;

/** What a mirror saw of its places when it last looked, and what it changed there since. */
export function createView(places: Places, notebook: Notebook, keys: KeysAtHand) {
  let listings: Listings = new Map();
  let standing: Standing = { listed: new Map(), behind: new Map() };
  /** What a place was not given, since it was away. */
  const missed = new Map<number, Set<ArchiveId>>();

  async function judge(): Promise<Standing> {
    return (standing = await standingOf(listings, {
      keys,
      removals: notebook.removals,
      historyOf: notebook.historyOf,
      isDone: notebook.isDone,
      isWhole: listings.size === places.stores.length,
    }));
  }

  return {
    listings: () => listings,
    standing: () => standing,
    judge,

    /** Asks every place for its list. */
    async look(options: CallOptions): Promise<{ isWhole: boolean; failures: Awaited<ReturnType<typeof places.each>>["failures"] }> {
      await notebook.load(options);
      const { values, failures } = await places.each((store) => listPlace(store, keys, options), options);
      listings = values;
      for (const place of values.keys()) missed.delete(place);
      await judge();
      return { isWhole: values.size === places.stores.length, failures };
    },

    /** The places that list an archive. */
    holders: (id: ArchiveId): number[] => [...listings.keys()].filter((place) => listings.get(place)?.has(id)),

    /** The manifests that the places list for an archive, as SHA-256, except those of which nothing is known. */
    async marksOf(id: ArchiveId): Promise<string[]> {
      const marks: string[] = [];
      for (const [place, listing] of listings) {
        const manifest = listing.get(id);
        if (manifest && !standing.behind.get(place)?.differing.includes(id)) marks.push(await manifest.mark());
      }
      return marks;
    },

    /** Those of the places whose manifest of an archive no newer version of the app wrote. */
    async replaceable(id: ArchiveId, among: readonly number[]): Promise<number[]> {
      const seals = await Promise.all(among.map(async (place) => (await listings.get(place)?.get(id)?.entry())?.seal));
      return among.filter((_, index) => seals[index] !== "unsupported");
    },

    listedIn(id: ArchiveId, manifest: Uint8Array, written: readonly number[]): void {
      const made: Manifest = manifestOf(id, manifest, keys);
      for (const place of written) listings.get(place)?.set(id, made);
    },

    removedIn(id: ArchiveId, from: readonly number[]): void {
      for (const place of from) listings.get(place)?.delete(id);
    },

    missedBy(id: ArchiveId, absent: Iterable<number>): void {
      for (const place of absent) missed.set(place, new Set([...(missed.get(place) ?? []), id]));
    },

    /** How many archives a place lacks, or has otherwise than it should; what is known of one that is away. */
    behindOf(place: number): number {
      const known = standing.behind.get(place);
      return known && listings.has(place)
        ? known.missing.length + known.older.length + known.removed.length
        : (missed.get(place)?.size ?? 0);
    },

    apartOf: (place: number): number => standing.behind.get(place)?.differing.length ?? 0,
  };
}
