import {
  type ArchiveId,
  type ArchiveStore,
  BackupError,
  type BackupErrorCode,
  type CallOptions,
  type Host,
  isArchiveOf,
  isBackupError,
  type TemporaryArchive,
} from "@xmtp-backup/core";
import type { MirrorDocuments } from "./mirrorDocuments.ts";
import type { KeysAtHand } from "./keysAtHand.ts";
import { type Manifest, provenEntry } from "./manifests.ts";
import type { Notebook } from "./notebook.ts";
import type { Places } from "./places.ts";
import { holds, neededRemovals } from "./removals.ts";
import type { RepairReport } from "./repairReport.ts";
import type { View } from "./view.ts";

export type RepairOptions = CallOptions & {
  /** How many of the archives that a place lacks were copied. */
  onProgress?: (done: number, total: number) => void;
};

export type RepairParts = {
  places: Places;
  notebook: Notebook;
  documents: MirrorDocuments;
  view: View;
  keys: KeysAtHand;
  /** One change of an archive after the other. */
  inTurn: <T>(name: string, run: () => Promise<T>, options: CallOptions) => Promise<T>;
  /** Whether an archive, or its manifest, was changed or removed since the repair began. */
  isChanged: (id: ArchiveId) => boolean;
  /** Keeps outside memory what is copied. */
  spool: Host["spool"] | undefined;
  primitives: Host["primitives"];
};

/**
 * Brings every place that answers up to date: it copies what is missing, replaces older manifests, and at last removes what was removed.
 *
 * It copies bytes before manifests, one archive at a time. An interrupted step is unfinished there, and the next repair does it again.
 */
export async function repair(
  { places, notebook, documents, view, keys, inTurn, isChanged, spool, primitives }: RepairParts,
  { signal, onProgress }: RepairOptions,
): Promise<RepairReport> {
  const report: RepairReport = { copied: [], updated: [], removed: [], remaining: [] };
  const { isWhole, failures } = await view.look({ signal });
  const { listed, behind } = view.standing();
  const removals = new Map(notebook.removals);
  /** Places that are full, away or closed: every further step would fail there, too. */
  const stopped = new Set<number>();

  /** One step in one place. Its failure is reported, and the others go on. Changes meanwhile are left to the next repair. */
  async function step(place: number, archive: ArchiveId, run: (store: ArchiveStore) => Promise<void>): Promise<void> {
    const store = places.stores[place];
    try {
      if (store) await inTurn(archive, async () => (isChanged(archive) || stopped.has(place) ? undefined : run(store)), { signal });
    } catch (error) {
      signal?.throwIfAborted();
      const code = isBackupError(error) ? error.code : "STORE_FAILED";
      report.remaining.push({ place, code, archive });
      if (hopeless.has(code) && !(error instanceof SourceError)) stopped.add(place);
    }
  }

  const total = [...behind.values()].reduce((sum, { missing }) => sum + missing.length, 0);
  for (const [place, { missing, older, removed, differing, unproven }] of behind) {
    for (const id of missing) {
      const manifest = listed.get(id);
      if (!manifest) continue;
      await step(place, id, async (store) => {
        await copy(store, place, id, manifest);
        view.listedIn(id, manifest.bytes, [place]);
        report.copied.push(id);
        onProgress?.(report.copied.length, total);
      });
    }
    for (const id of older) {
      const manifest = listed.get(id);
      if (!manifest) continue;
      await step(place, id, async (store) => {
        await store.putManifest(id, manifest.bytes, { signal });
        view.listedIn(id, manifest.bytes, [place]);
        report.updated.push(id);
      });
    }
    for (const id of removed) {
      await step(place, id, async (store) => {
        const listing = view.listings().get(place);
        if (!listing || !(await holds(id, removals, [listing], keys)))
          throw new BackupError("STORE_CONFLICT", "The place lacks what superseded the archive.");
        await store.remove(id, { signal });
        view.removedIn(id, [place]);
        report.removed.push(id);
      });
    }
    for (const archive of differing) report.remaining.push({ place, code: "STORE_CONFLICT", archive });
    for (const archive of unproven) report.remaining.push({ place, code: await whyUnproven(listed.get(archive)), archive });
  }

  /** Gives a place the bytes of an archive, and then its manifest. Where the manifest is proven, so are the bytes. */
  async function copy(store: ArchiveStore, place: number, id: ArchiveId, manifest: Manifest): Promise<void> {
    const entry = await provenEntry(manifest);
    const kept: TemporaryArchive[] = [];
    const keep = spool && (async (bytes: ReadableStream<Uint8Array>) => (kept[kept.length] = await spool(bytes, { signal })).blob);
    try {
      const archive = await firstOf(
        view
          .holders(id)
          .filter((index) => index !== place)
          .map((index) => async () => {
            const found = await places.stores[index]?.get(id, { signal, spool: keep });
            if (found && entry && !(await isArchiveOf(found, entry, { signal, primitives })))
              throw new BackupError("ARCHIVE_DAMAGED", "A place gave other bytes than were stored.");
            return found;
          }),
      );
      await store.put(id, archive, { signal });
      await store.putManifest(id, manifest.bytes, { signal });
    } finally {
      for (const file of kept) await file.release();
    }
  }

  async function whyUnproven(manifest: Manifest | undefined): Promise<BackupErrorCode> {
    const seal = (await manifest?.entry())?.seal;
    if (seal === "unsupported") return "ARCHIVE_VERSION_UNSUPPORTED";
    return seal === "damaged" ? "ARCHIVE_DAMAGED" : "KEY_WRONG";
  }

  await view.judge();
  for (const [place, error] of failures) report.remaining.push({ place, code: error.code });
  report.remaining.push(...(await documents.repair({ signal })));
  const listings = view.listings();
  for (const [place, listing] of listings)
    for (const id of removals.keys()) if (!listing.has(id) && !isChanged(id)) await notebook.noteDone(place, id);
  if (isWhole && listings.size === places.stores.length) {
    const needed = neededRemovals(removals, [
      ...[...listings.values()].flatMap((listing) => [...listing.keys()]),
      ...notebook.remembered(),
    ]);
    // What was noted while this went on stays.
    notebook.forgetRemovals([...removals.keys()].filter((id) => !needed.has(id) && !isChanged(id)));
  }
  await notebook.save({ signal });
  return report;
}

/** What concerns the place and not one archive. */
const hopeless: ReadonlySet<BackupErrorCode> = new Set([
  "STORE_FULL",
  "STORE_UNAVAILABLE",
  "STORE_UNAUTHENTICATED",
  "STORE_DENIED",
  "STORE_CLOCK_SKEWED",
]);

/** No place gave the archive that was to be copied: the place that lacks it is not to blame. */
class SourceError extends BackupError {}

async function firstOf(tries: readonly (() => Promise<Blob | undefined>)[]): Promise<Blob> {
  let last: unknown;
  for (const run of tries) {
    try {
      const found = await run();
      if (found) return found;
    } catch (error) {
      last = error;
    }
  }
  throw new SourceError(isBackupError(last) ? last.code : "STORE_FAILED", "No place gave the archive.", { cause: last });
}
