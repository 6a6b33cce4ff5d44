import { type ArchiveId, type ArchiveStore, BackupError, type BackupErrorCode, type CallOptions, type Host, isBackupError, type TemporaryArchive } from "@xmtp-backup/core";
import type { MirrorDocuments } from "./documents.ts";
import type { Notebook } from "./notebook.ts";
import type { Places } from "./places.ts";
import { behindOf, listPlace, newestManifest, newestPlace } from "./view.ts";

export type RepairReport = {
  /** Archives that a place lacked, and has now. */
  copied: ArchiveId[];
  /** Archives of which a place had an older manifest. */
  updated: ArchiveId[];
  /** Archives that were removed while a place was away, and are gone there now. */
  removed: ArchiveId[];
  /** What is still to do, and why: the place that could not be repaired, and what it said. */
  remaining: { place: number; code: BackupErrorCode }[];
};

export type RepairOptions = CallOptions & {
  /** How many of the archives that a place lacks were copied. */
  onProgress?: (done: number, total: number) => void;
};

export type RepairParts = {
  places: Places;
  notebook: Notebook;
  documents: MirrorDocuments;
  /** One change of an archive after the other. */
  inTurn: <T>(name: string, run: () => Promise<T>, options: CallOptions) => Promise<T>;
  /** Whether an archive, or its manifest, was changed or removed since the repair began. */
  isChanged: (id: ArchiveId) => boolean;
  /** Keeps outside memory what is copied. */
  spool: Host["spool"] | undefined;
};

/**
 * Brings every place that answers up to date. It copies bytes before manifests, one archive at a time, and harms no copy: what it is
 * interrupted at is unfinished there, and begun anew by the next repair.
 */
export async function repair({ places, notebook, documents, inTurn, isChanged, spool }: RepairParts, { signal, onProgress }: RepairOptions): Promise<RepairReport> {
  const report: RepairReport = { copied: [], updated: [], removed: [], remaining: [] };
  const before = await notebook.load({ signal });
  const { values: listings, failures } = await places.each((store) => listPlace(store, { signal }), { signal });
  const isWhole = listings.size === places.stores.length;
  const failed = new Set<ArchiveId>();
  /** Places that are full, away or closed: every further step would fail there, too. */
  const stopped = new Set<number>();

  /** One step in one place; whatever is the matter with it is told, and the others go on. What has changed meanwhile is left to the next repair. */
  async function step(place: number, id: ArchiveId, run: () => Promise<void>): Promise<void> {
    try {
      await inTurn(id, async () => {
        if (isChanged(id) || stopped.has(place)) failed.add(id);
        else await run();
      }, { signal });
    } catch (error) {
      signal?.throwIfAborted();
      failed.add(id);
      report.remaining.push({ place, code: isBackupError(error) ? error.code : "STORE_FAILED" });
    }
  }

  const plans = [...listings.keys()].map((place) => ({ place, ...behindOf(place, listings, notebook.current()) }));
  const total = plans.reduce((sum, { missing }) => sum + missing.length, 0);

  for (const { place, removed, older, missing } of plans) {
    const store = places.stores[place];
    if (!store) continue;
    for (const id of removed) await step(place, id, async () => write(place, () => store.remove(id, { signal })).then(() => void report.removed.push(id)));
    for (const id of older) {
      await step(place, id, async () => {
        const manifest = newestManifest(id, listings, notebook.current());
        if (manifest) await write(place, () => store.putManifest(id, manifest, { signal }));
        report.updated.push(id);
      });
    }
    for (const id of missing) {
      await step(place, id, async () => {
        if (id in notebook.current().removed) return;
        await copy(store, place, id);
        report.copied.push(id);
        onProgress?.(report.copied.length, total);
      });
    }
  }

  async function copy(store: ArchiveStore, place: number, id: ArchiveId): Promise<void> {
    const source = newestPlace(id, listings, notebook.current());
    const manifest = newestManifest(id, listings, notebook.current());
    const sources = [source, ...listings.keys()].filter((index): index is number => index !== undefined && index !== place && listings.get(index)?.has(id) === true);
    const kept: TemporaryArchive[] = [];
    const keep = spool && (async (bytes: ReadableStream<Uint8Array>) => (kept[kept.length] = await spool(bytes, { signal })).blob);
    try {
      const archive = await firstOf(sources.map((index) => async () => places.stores[index]?.get(id, { signal, spool: keep })));
      if (!archive || !manifest) throw new BackupError("STORE_UNAVAILABLE", "No place gave the archive.");
      await write(place, async () => {
        await store.put(id, archive, { signal });
        await store.putManifest(id, manifest, { signal });
      });
    } finally {
      for (const file of kept) await file.release();
    }
  }

  async function write(place: number, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (isBackupError(error) && hopeless.has(error.code)) stopped.add(place);
      throw error;
    }
  }

  for (const [place, error] of failures) report.remaining.push({ place, code: error.code });
  report.remaining.push(...(await documents.repair({ signal })));
  if (isWhole) {
    // What was noted while this went on stays.
    const isSettled = (id: ArchiveId, entry: unknown, earlier: unknown) => !failed.has(id) && JSON.stringify(entry) === JSON.stringify(earlier);
    await notebook.change((notes) => ({
      ...notes,
      removed: filterEntries(notes.removed, (id, entry) => !isSettled(id, entry, before.removed[id])),
      manifests: filterEntries(notes.manifests, (id, entry) => !isSettled(id, entry, before.manifests[id])),
    }), { signal });
  }
  return report;
}

/** What concerns the place and not one archive. */
const hopeless: ReadonlySet<BackupErrorCode> = new Set(["STORE_FULL", "STORE_UNAVAILABLE", "STORE_UNAUTHENTICATED", "STORE_DENIED", "STORE_CLOCK_SKEWED"]);

async function firstOf<T>(tries: (() => Promise<T | undefined>)[]): Promise<T | undefined> {
  let last: unknown;
  for (const run of tries) {
    try {
      return await run();
    } catch (error) {
      last = error;
    }
  }
  if (last !== undefined) throw last instanceof Error ? last : new BackupError("STORE_FAILED", "No place gave the archive.");
  return undefined;
}

function filterEntries<T>(record: Readonly<Record<string, T>>, keep: (name: string, entry: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name, entry]) => keep(name, entry)));
}
