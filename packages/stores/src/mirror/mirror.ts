import {
  type ArchiveId,
  type ArchiveStore,
  assertShape,
  BackupError,
  type CallOptions,
  createTurns,
  type Host,
  isBackupError,
  type KeyStore,
  type StoreUsage,
  type UnfinishedArchive,
  untilAborted,
} from "@xmtp-backup/core";
import { archiveName } from "../layout.ts";
import { mirrorDocuments } from "./mirrorDocuments.ts";
import { fetchArchive } from "./fetchArchive.ts";
import { keysAtHand } from "./keysAtHand.ts";
import { listPlace, manifestOf, provenEntry } from "./manifests.ts";
import { createNotebook } from "./notebook.ts";
import { createPlaces, type PlaceHealth } from "./places.ts";
import { assertNotRemoved, removeListed } from "./removeListed.ts";
import type { RepairOptions } from "./repair.ts";
import type { RepairReport } from "./repairReport.ts";
import { createRepairs } from "./repairs.ts";
import { slowest } from "./slowest.ts";
import { createView } from "./view.ts";

export type MirrorOptions = {
  /**
   * The archive keys on this device, by which the mirror proves what the places say. That is the key store that `createBackups` has, or
   * the `cache` of a key ring, and never the ring itself. With it, whatever a place missed is repaired after a restart and by other
   * devices too. Nothing unproven is copied, and bytes are checked before they are copied.
   *
   * @default none: the mirror acts on what it did itself since it was made, and on nothing that a place says
   */
  keys?: KeyStore;
  /**
   * How long a place that could not be reached is left in peace, in milliseconds, so that backups don't wait for it each time. @default
   * 60_000
   */
  restMs?: number;
  /**
   * Whether a place that missed something is repaired automatically, after the next `list` that finds it back, once in `restMs` at most.
   * @default true
   */
  repairs?: boolean;
  /** Ends an automatic repair, for example when the app closes; the next one goes on. @default none */
  signal?: AbortSignal;
  /** Keeps outside memory what a repair copies: the `spool` of the app's host. @default the engine holds it as it holds a Blob */
  spool?: Host["spool"];
  /** What bytes are hashed with: the `primitives` of the app's host. @default the portable code of the archive package */
  primitives?: Host["primitives"];
  /**
   * Names of documents that a place is given at a repair although no change of them was noted, such as a place that is new. @default
   * ["key-ring"]
   */
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

/** Without a narrower type of what it holds. */
const isList: (value: unknown) => boolean = Array.isArray;

/**
 * Keeps archives in two or more places at once, and works as long as one of them does.
 *
 * - An archive that is stored is in every place that answered, and in at least one. A place lists only archives whose bytes it has.
 * - A place that was away is given what it missed later: archives, names and pins, removals, documents.
 * - No place decides over another. A manifest takes the place of another only if both are proven and it is the newer one. A document is
 *   replaced only if a proven note says so. Other differences are left as they are in both places, and reported.
 * - A removal also reaches a place that was away, or that only another device has in its list. Its proof must be right, and the place
 *   must have what superseded the archive.
 * - Archives that look unfinished are reported only while every place answers, because one may be finished elsewhere.
 * - A document is changed only while every place answers, since two that were changed apart can't be made one. It is read from those that
 *   answer. Where none of them has it and one is away, the call fails.
 *
 * @throws OPTIONS_INVALID when there are fewer than two places
 *
 * @example
 * ```ts
 * import type { ArchiveStore, KeyStore } from "@xmtp-backup/core";
 * import { mirror } from "@xmtp-backup/stores/mirror";
 *
 * declare const onDisk: ArchiveStore;
 * declare const inBucket: ArchiveStore;
 * declare const keys: KeyStore; // createBackups({ host, store, keys })
 *
 * const store = mirror([onDisk, inBucket], { keys });
 * const away = store.health().filter(({ isUp }) => !isUp);
 * ```
 */
export function mirror(given: readonly ArchiveStore[], options: MirrorOptions = {}): MirrorStore {
  if (!isList(given)) throw new BackupError("OPTIONS_INVALID", "A mirror takes a list of places.");
  assertShape("mirror", options, {
    keys: "object?",
    restMs: "number?",
    repairs: "boolean?",
    signal: "object?",
    spool: "function?",
    primitives: "object?",
    documents: "object?",
    now: "function?",
  });
  const {
    keys: keyStore,
    restMs = 60_000,
    repairs: areAutomatic = true,
    documents: names = ["key-ring"],
    now = Date.now,
    signal,
    spool,
    primitives,
  } = options;
  // The app may go on with its list: a place keeps its number here.
  const stores = [...given];
  const stranger = stores.findIndex(
    (each: Partial<ArchiveStore> | undefined) => typeof each?.put !== "function" || typeof each.list !== "function",
  );
  if (stranger !== -1)
    throw new BackupError("OPTIONS_INVALID", `Place ${stranger + 1} of a mirror is no store.`, {
      details: "Pass what fileStore, opfsStore or another store gives.",
    });
  if (stores.length < 2) throw new BackupError("OPTIONS_INVALID", "A mirror has two places or more.");
  const turns = createTurns<string>();
  /** A change of an archive waits no longer than its caller wants to, whatever the places do. */
  const inTurn = <T>(name: string, run: () => Promise<T>, options: CallOptions): Promise<T> =>
    untilAborted(turns(name, run, options), options);
  const places = createPlaces(stores, restMs, now);
  const keys = keysAtHand(keyStore);
  const notebook = createNotebook(places, keys);
  const view = createView(places, notebook, keys);
  const documents = mirrorDocuments(places, notebook, names);
  const repairs = createRepairs({ places, notebook, documents, view, keys, inTurn, spool, primitives }, { restMs, now, signal });
  /** Which places have the bytes of an archive that was uploaded here, until it is listed. */
  const uploaded = new Map<ArchiveId, number[]>();
  /** Which places had an archive without a manifest when they were last asked. */
  let unlisted = new Map<ArchiveId, number[]>();

  async function look(options: CallOptions): Promise<{ isWhole: boolean }> {
    const seen = await view.look(options);
    for (const id of view.standing().listed.keys()) for (const known of [uploaded, unlisted]) known.delete(id);
    return seen;
  }

  function knownHolders(id: ArchiveId): number[] | undefined {
    const holders = view.holders(id);
    return uploaded.get(id) ?? (holders.length > 0 ? holders : undefined);
  }

  /**
   * The places in which the bytes lie: in no other may the archive be listed.
   *
   * @throws ARCHIVE_NOT_FOUND when they lie nowhere
   */
  async function holdersOf(id: ArchiveId, options: CallOptions): Promise<number[]> {
    if (!knownHolders(id)) await look(options);
    assertNotRemoved(id, notebook, view);
    const known = knownHolders(id);
    if (known) return known;
    const { values, failures } = await places.each((store) => store.unfinished(options), options);
    const found = [...values].filter(([, archives]) => archives.some((each) => each.id === id)).map(([index]) => index);
    if (found.length > 0) return found;
    const [away] = failures.values();
    throw away ?? new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
  }

  /** Whether a place lists the archive, and with a proof where there are keys: else it could refuse every upload in the name of all. */
  async function isListed(id: ArchiveId, index: number, options: CallOptions): Promise<boolean> {
    const store = stores[index];
    const manifest = store && (await listPlace(store, keys, options).catch(() => undefined))?.get(id);
    return manifest !== undefined && (!keys.isGiven || (await provenEntry(manifest)) !== undefined);
  }

  /** A change of an archive after the other, which a running repair hears of. */
  function change(id: ArchiveId, options: CallOptions, run: () => Promise<void>): Promise<void> {
    return inTurn(
      id,
      () =>
        notebook
          .ready(options)
          .then(run)
          .finally(() => repairs.noteChange(id))
          .then(() => notebook.introduce(options)),
      options,
    );
  }

  const others = (written: readonly number[]) => [...stores.keys()].filter((index) => !written.includes(index));
  const behindOf = (index: number) => view.behindOf(index) + documents.behindOf(index);

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
        notebook.forgetRemovals([id]);
        uploaded.set(id, [...values.keys()]);
        options.onProgress?.(archive.size);
      });
    },

    async putManifest(id, manifest, options = {}) {
      options.signal?.throwIfAborted();
      await change(id, options, async () => {
        const holders = await holdersOf(id, options);
        const before = await view.marksOf(id);
        const among = await view.replaceable(id, holders);
        if (among.length === 0) throw new BackupError("ARCHIVE_VERSION_UNSUPPORTED", "A newer version of the app wrote the manifest.");
        notebook.noteManifest(id, [...before, await manifestOf(id, manifest, keys).mark()]);
        const { values } = await places.each((each) => each.putManifest(id, manifest, options), options, among);
        view.listedIn(id, manifest, [...values.keys()]);
        view.missedBy(id, others([...values.keys()]));
        await view.judge();
      });
    },

    async *list(options = {}) {
      await look(options);
      const [{ listed }, listings] = [view.standing(), view.listings()];
      if (areAutomatic && listings.size > 1 && [...listings.keys()].some((index) => behindOf(index) > 0)) repairs.begin();
      for (const [id, { bytes }] of listed) {
        options.signal?.throwIfAborted();
        yield { id, manifest: bytes };
      }
    },

    async get(id, options = {}) {
      options.signal?.throwIfAborted();
      archiveName(id);
      // The list says which bytes are the right ones; those of an upload are checked by who uploads.
      if (view.listings().size === 0 && !uploaded.has(id)) await look(options).catch(() => options.signal?.throwIfAborted());
      assertNotRemoved(id, notebook, view);
      const known = knownHolders(id) ?? [];
      return fetchArchive(
        id,
        { places, among: [...new Set([...known, ...stores.keys()])], manifest: view.standing().listed.get(id), primitives },
        options,
      );
    },

    async remove(id, options = {}) {
      await change(id, options, async () => {
        if (view.listings().size === 0) await look(options);
        if (view.holders(id).length > 0)
          return removeListed(id, { places, notebook, view, keys }, options).finally(() => uploaded.delete(id));
        // Another place may be about to list what only one of them called unfinished.
        const among = uploaded.has(id) ? undefined : unlisted.get(id);
        await places.each((each) => each.remove(id, options), options, among);
        for (const known of [uploaded, unlisted]) known.delete(id);
      });
    },

    async sizeOf(id, options = {}) {
      options.signal?.throwIfAborted();
      archiveName(id);
      const { values, failures } = await places.each((each) => sizeIn(each, id, options), options);
      const found = [...values.values()].filter((answer) => answer !== "gone");
      if (found.length > 0) return found.find(({ size }) => size !== undefined)?.size;
      const [away] = failures.values();
      throw away ?? new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
    },

    async unfinished(options = {}) {
      const { values, failures } = await places.each((each) => each.unfinished(options), options);
      unlisted = new Map();
      for (const [index, archives] of values) for (const { id } of archives) unlisted.set(id, [...(unlisted.get(id) ?? []), index]);
      if (failures.size > 0 || unlisted.size === 0) return [];
      const { isWhole } = await look(options);
      return isWhole ? youngest([...values.values()].flat()).filter(({ id }) => view.holders(id).length === 0) : [];
    },

    repair: (options = {}) => repairs.run(options),

    health: () =>
      stores.map((_, index) => ({
        index,
        isUp: places.codeOf(index) === undefined,
        code: places.codeOf(index),
        behind: behindOf(index),
        differing: view.apartOf(index) + documents.apartOf(index),
      })),
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

/** The size of an archive in one place, where it can be asked without fetching it. */
async function sizeIn(store: ArchiveStore, id: ArchiveId, options: CallOptions): Promise<{ size?: number | undefined } | "gone"> {
  try {
    return { size: await store.sizeOf?.(id, options) };
  } catch (error) {
    if (isBackupError(error) && error.code === "ARCHIVE_NOT_FOUND") return "gone";
    throw error;
  }
}

/** Each upload once, as old as its youngest copy; of an unknown age where one copy's is unknown. */
function youngest(uploads: readonly UnfinishedArchive[]): UnfinishedArchive[] {
  const found = new Map<ArchiveId, UnfinishedArchive>();
  for (const upload of uploads) {
    const { ageMs } = found.get(upload.id) ?? upload;
    const known = ageMs === undefined || upload.ageMs === undefined ? undefined : Math.min(ageMs, upload.ageMs);
    found.set(upload.id, { id: upload.id, ...(known !== undefined && { ageMs: known }) });
  }
  return [...found.values()];
}

/** The place with the least room decides how much there is. */
function fullest(usages: StoreUsage[]): StoreUsage | undefined {
  return usages.sort((left, right) => left.totalBytes - left.usedBytes - (right.totalBytes - right.usedBytes))[0];
}
