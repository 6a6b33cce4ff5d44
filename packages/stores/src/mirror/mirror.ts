import { type ArchiveId, type ArchiveStore, BackupError, type CallOptions, type Host, isBackupError, type StoreUsage } from "@xmtp-backup/core";
import { createTurns } from "../createTurns.ts";
import { archiveName } from "../layout.ts";
import { createDocuments } from "./documents.ts";
import { createNotebook } from "./notebook.ts";
import { newerThan, without } from "./notes.ts";
import { createPlaces, type PlaceHealth } from "./places.ts";
import type { RepairOptions, RepairReport } from "./repair.ts";
import { createRepairs } from "./repairs.ts";
import { slowest } from "./slowest.ts";
import { behindOf, idsOf, type Listings, listPlace, newestManifest } from "./view.ts";

export type MirrorOptions = {
  /** How long a place that could not be reached is left in peace, in milliseconds, so that backups don't wait for it each time. @default 60_000 */
  restMs?: number;
  /** Whether a place that missed something is repaired by itself, after the next `list` that finds it back, once in `restMs` at most. @default true */
  repairs?: boolean;
  /** Ends a repair that began by itself, for example when the app closes; the next one goes on. @default none */
  signal?: AbortSignal;
  /** Keeps outside memory what a repair copies: the `spool` of the app's host. @default the engine holds it as it holds a Blob */
  spool?: Host["spool"];
  /** Names of documents that a place is given at a repair although no change of them was noted, such as a place that is new. @default ["key-ring"] */
  documents?: readonly string[];
  /** @default Date.now */
  now?: () => number;
};

export type MirrorStore = ArchiveStore & {
  /**
   * Brings the places that answer up to date, and says what it did and what remains. A repair that runs already is waited for.
   *
   * @throws STORE_UNAVAILABLE when no place can be reached
   */
  repair(options?: RepairOptions): Promise<RepairReport>;
  /** How each place stood when it was last used, in the order in which they were given. */
  health(): PlaceHealth[];
};

/**
 * Keeps archives in two or more places at once, and works as long as one of them does.
 *
 * - What is stored is in every place that answered, and in at least one. A place lists only archives whose bytes it has.
 * - A place that was away is given what it missed later: archives, names and pins, removals, documents. What it missed is noted in a document
 *   `mirror` in the places that answered.
 * - Archives that look unfinished are told only while every place answers: one that is finished elsewhere is never taken for garbage.
 * - A document is changed only while every place answers, since two that were changed apart can't be made one. It is read from those that
 *   answer, and may be an older one while the place with the newest is away.
 *
 * Give the places in the same order each time.
 *
 * @throws OPTIONS_INVALID when there are fewer than two places
 *
 * @example
 * ```ts
 * import type { ArchiveStore } from "@xmtp-backup/core";
 * import { mirror } from "@xmtp-backup/stores/mirror";
 *
 * declare const onDisk: ArchiveStore;
 * declare const inBucket: ArchiveStore;
 *
 * const store = mirror([onDisk, inBucket]);
 * const away = store.health().filter(({ isUp }) => !isUp);
 * ```
 */
export function mirror(stores: readonly ArchiveStore[], { restMs = 60_000, repairs: areByThemselves = true, documents: names = ["key-ring"], now = Date.now, signal, spool }: MirrorOptions = {}): MirrorStore {
  if (stores.length < 2) throw new BackupError("OPTIONS_INVALID", "A mirror has two places or more.");
  const inTurn = createTurns();
  const places = createPlaces(stores, restMs, now);
  const notebook = createNotebook(places);
  const documents = createDocuments(places, notebook, names, now);
  const repairs = createRepairs({ places, notebook, documents, inTurn, spool }, { restMs, now, signal });
  /** Which places have the bytes of an archive that was uploaded here, until it is listed. */
  const uploaded = new Map<ArchiveId, number[]>();
  let listings: Listings = new Map();

  async function look(options: CallOptions): Promise<{ isWhole: boolean }> {
    await notebook.load(options);
    const { values, failures } = await places.each((store) => listPlace(store, options), options);
    listings = values;
    for (const id of idsOf(listings, notebook.current())) uploaded.delete(id);
    return { isWhole: failures.size === 0 };
  }

  function knownHolders(id: ArchiveId): number[] | undefined {
    const listing = [...listings.keys()].filter((index) => listings.get(index)?.has(id));
    return uploaded.get(id) ?? (listing.length > 0 ? listing : undefined);
  }

  /**
   * The places in which the bytes lie: in no other may the archive be listed.
   *
   * @throws ARCHIVE_NOT_FOUND when they lie nowhere
   */
  async function holdersOf(id: ArchiveId, options: CallOptions): Promise<number[]> {
    if (!knownHolders(id)) await look(options);
    const known = knownHolders(id);
    if (known) return known;
    const { values, failures } = await places.each((store) => store.unfinished(options), options);
    const found = [...values].filter(([, archives]) => archives.some((each) => each.id === id)).map(([index]) => index);
    if (found.length > 0) return found;
    const [away] = failures.values();
    throw away ?? new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
  }

  async function isListed(id: ArchiveId, index: number, options: CallOptions): Promise<boolean> {
    const store = stores[index];
    return store ? listPlace(store, options).then((listing) => listing.has(id), () => false) : false;
  }

  /** A change of an archive after the other, of which a repair that runs is told. */
  function change(id: ArchiveId, options: CallOptions, run: () => Promise<void>): Promise<void> {
    return inTurn(id, () => run().finally(() => repairs.noteChange(id)), options);
  }

  /** What a place is known to lack: by the last lists, or by the notes while it is away. */
  function behind(index: number): number {
    const notes = notebook.current();
    const pending = Object.values(notes.documents).filter((entry) => !entry.places.includes(index)).length;
    if (!listings.has(index)) return pending + Object.keys(notes.removed).length + Object.values(notes.manifests).filter((entry) => !entry.places.includes(index)).length;
    const { missing, older, removed } = behindOf(index, listings, notes);
    return pending + missing.length + older.length + removed.length;
  }

  const store: MirrorStore = {
    features: { local: stores.every(({ features }) => features.local) },

    async open(options = {}) {
      await places.each((each) => each.open(options), options);
      await notebook.load(options);
    },

    async put(id, archive, options = {}) {
      await change(id, options, async () => {
        const progress = slowest(options.onProgress);
        const { values, failures } = await places.each(async (each, index) => {
          const tell = progress(index);
          await each.put(id, archive, { ...options, onProgress: tell.done }).finally(tell.end);
        }, options);
        for (const [index, error] of failures) if (error.code === "STORE_FAILED" && (await isListed(id, index, options))) throw error;
        uploaded.set(id, [...values.keys()]);
        options.onProgress?.(archive.size);
      });
    },

    async putManifest(id, manifest, options = {}) {
      options.signal?.throwIfAborted();
      await change(id, options, async () => {
        const { values } = await places.each((each) => each.putManifest(id, manifest, options), options, await holdersOf(id, options));
        const written = [...values.keys()];
        if (written.length === stores.length && !(id in notebook.current().manifests)) return;
        const entry = newerThan(notebook.current().manifests[id], written, now());
        await notebook.change((notes) => ({ ...notes, manifests: written.length === stores.length ? without(notes.manifests, id) : { ...notes.manifests, [id]: entry } }), options);
      });
    },

    async *list(options = {}) {
      await look(options);
      const notes = notebook.current();
      if (areByThemselves && [...listings.keys()].some((index) => behind(index) > 0) && listings.size > 1) repairs.begin();
      const seen = listings;
      for (const id of idsOf(seen, notes)) {
        options.signal?.throwIfAborted();
        const manifest = newestManifest(id, seen, notes);
        if (manifest) yield { id, manifest };
      }
    },

    async get(id, options = {}) {
      options.signal?.throwIfAborted();
      archiveName(id);
      const known = knownHolders(id) ?? [];
      let failure: unknown = new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
      if (id in notebook.current().removed) throw failure;
      let furthest = 0;
      const onProgress = (doneBytes: number) => {
        if (doneBytes > furthest) options.onProgress?.((furthest = doneBytes));
      };
      for (const index of places.restingLast(new Set([...known, ...stores.keys()]))) {
        try {
          const { values } = await places.each((each) => each.get(id, { ...options, onProgress }), options, [index]);
          const archive = values.get(index);
          if (archive) return archive;
        } catch (error) {
          options.signal?.throwIfAborted();
          // That one place can't be reached says more than that another has none.
          if (!isBackupError(error) || error.code !== "ARCHIVE_NOT_FOUND") failure = error;
        }
      }
      throw failure;
    },

    async remove(id, options = {}) {
      await change(id, options, async () => {
        const { failures } = await places.each((each) => each.remove(id, options), options);
        uploaded.delete(id);
        for (const listing of listings.values()) listing.delete(id);
        if (failures.size === 0 && !(id in notebook.current().manifests)) return;
        await notebook.change((notes) => ({
          ...notes,
          removed: failures.size === 0 ? notes.removed : { ...notes.removed, [id]: now() },
          manifests: without(notes.manifests, id),
        }), options);
      });
    },

    async unfinished(options = {}) {
      const { values, failures } = await places.each((each) => each.unfinished(options), options);
      const found = new Map([...values.values()].flat().map(({ id, modifiedAtMs }) => [id, modifiedAtMs]));
      if (failures.size > 0 || found.size === 0) return [];
      const { isWhole } = await look(options);
      const listed = new Set([...listings.values()].flatMap((listing) => [...listing.keys()]));
      return isWhole ? [...found].filter(([id]) => !listed.has(id)).map(([id, modifiedAtMs]) => ({ id, modifiedAtMs })) : [];
    },

    repair: (options = {}) => repairs.run(options),

    health: () => stores.map((_, index) => ({ index, isUp: places.codeOf(index) === undefined, code: places.codeOf(index), behind: behind(index) })),
  };

  if (documents.areKept) Object.assign(store, { getDocument: documents.get, putDocument: documents.put });
  if (stores.some(({ usage }) => usage)) {
    store.usage = async (options = {}) => {
      const { values } = await places.each(async (each) => each.usage?.(options), options);
      return fullest([...values.values()].filter((usage) => usage !== undefined));
    };
  }
  return store;
}

/** The place with the least room decides how much there is. */
function fullest(usages: StoreUsage[]): StoreUsage | undefined {
  return usages.sort((left, right) => left.totalBytes - left.usedBytes - (right.totalBytes - right.usedBytes))[0];
}
