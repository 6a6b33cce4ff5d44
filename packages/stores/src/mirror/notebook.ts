import { type ArchiveId, type ArchiveStore, type CallOptions, createTurns, isBackupError } from "@xmtp-backup/core";
import { isSameBytes } from "../isSameBytes.ts";
import { type History, written } from "./history.ts";
import type { KeysAtHand } from "./keysAtHand.ts";
import { changedAt, type ProvenEntry } from "./manifests.ts";
import { type DocumentNote, documentText, formatNotes, noNotes, type Notes, parseNotes, type Removal, removalText } from "./notes.ts";
import { createPlaceIds } from "./placeIds.ts";
import type { Places } from "./places.ts";
import type { KnownRemoval, Removals } from "./removals.ts";

const documentName = "mirror";
/** How often the notes are written again because another device changed them in the same moment. */
const maxTries = 5;
/** How many removals are remembered for places that are not in this device's list. The archives of older ones would be listed again. */
const maxRemembered = 128;

/** The versions of a document; `proof` is absent where there was no key to make one. */
type KnownDocument = { turn: number; versions: History; proof?: DocumentNote };

export type Notebook = ReturnType<typeof createNotebook>;

/**
 * What a mirror knows of the changes that its places may have missed: what this device did, and what notes prove.
 *
 * Proven notes lie as a document in each place, so that every device with the archive key knows them. A place can keep them back, and
 * can't make any.
 */
export function createNotebook({ stores, quietly }: Places, keys: KeysAtHand) {
  const turns = createTurns<"notes">();
  const ids = createPlaceIds(keys);
  const keeping = stores.flatMap((store, index) => (store.getDocument && store.putDocument ? [index] : []));
  const removals = new Map<ArchiveId, KnownRemoval>();
  const documents = new Map<string, KnownDocument>();
  const manifests = new Map<ArchiveId, History>();
  /** Removals that every place has carried out. */
  const done = new Set<ArchiveId>();
  let isLoaded = false;
  let isIntroduced = false;

  /** Looks which keys there are, and adds what the notes of the places that answer prove. */
  async function load({ signal }: CallOptions): Promise<void> {
    await keys.load({ signal });
    isLoaded = true;
    if (!keys.isGiven) return;
    await quietly(
      async (store, index) => {
        const document = await store.getDocument?.(documentName, { signal });
        const found = document && parseNotes(document.bytes);
        if (found?.kind === "notes") await adopt(index, found.notes);
      },
      { signal },
      keeping,
    );
  }

  async function adopt(index: number, notes: Notes): Promise<void> {
    await ids.hear(index, notes);
    for (const removal of notes.removed) {
      const known = removals.get(removal.id);
      if (!known?.proof && !done.has(removal.id) && (await isProvenRemoval(removal)))
        removals.set(removal.id, { supersededBy: removal.supersededBy, marks: new Set(), ...known, proof: removal });
      if (removals.get(removal.id)?.proof?.mac === removal.mac) await ids.hearDone(removal);
    }
    for (const note of notes.documents)
      if ((await isProvenNote(note)) && isAhead(note, documents.get(note.name)))
        documents.set(note.name, { turn: note.turn, versions: note.versions, proof: note });
  }

  const isProvenRemoval = (removal: Removal) => keys.isSigned(removal.keyFingerprint, removalText(removal), removal.mac);
  const isProvenNote = (note: DocumentNote) => keys.isSigned(note.keyFingerprint, documentText(note), note.mac);

  /** A note of a newer key counts more: somebody who stole an older one can't outvote it. */
  function isAhead(note: DocumentNote, known: KnownDocument | undefined): boolean {
    if (!known) return true;
    const newerKeys = known.proof ? keys.rank(known.proof.keyFingerprint) - keys.rank(note.keyFingerprint) : 0;
    if (newerKeys !== 0) return newerKeys > 0;
    return note.turn !== known.turn ? note.turn > known.turn : known.proof !== undefined && note.mac > known.proof.mac;
  }

  /** Writes what is proven into the places that answer. Notes that can't be kept are no reason to fail: at worst an archive comes back. */
  async function save({ signal }: CallOptions): Promise<void> {
    if (keys.newest() === undefined) return;
    await turns("notes", async () => {
      const writeAll = () => quietly((store, index) => write(store, index, { signal }), { signal }, keeping);
      await ids.vouch();
      await writeAll();
      // Only what a place keeps is vouched for: of two ids that two devices give it at once, one would be of no place.
      if (await ids.vouch()) await writeAll();
    });
  }

  async function write(store: ArchiveStore, index: number, { signal }: CallOptions): Promise<void> {
    for (let tries = 1; ; tries++) {
      const document = await store.getDocument?.(documentName, { signal });
      const found = document && parseNotes(document.bytes);
      if (found?.kind === "newer") return;
      await adopt(index, found?.notes ?? noNotes);
      const place = ids.idFor(index);
      const bytes = formatNotes({ place, ...notesFor(found?.notes) });
      if (document && isSameBytes(document.bytes, bytes)) return;
      try {
        await store.putDocument?.(documentName, bytes, { signal, replaces: document?.revision });
        return ids.settle(index, place);
      } catch (error) {
        if (tries === maxTries || !isBackupError(error) || error.code !== "STORE_CONFLICT") throw error;
      }
    }
  }

  /** What is proven here, and what this place has of keys that are not at hand: another device may know them. */
  function notesFor(found: Notes = noNotes): Omit<Notes, "place"> {
    const isOfOthers = ({ keyFingerprint }: { keyFingerprint: string }) => keys.rank(keyFingerprint) === Infinity;
    const proven = [...removals.values()].flatMap(({ proof }) => (proof ? [{ ...proof, doneIn: ids.donesOf(proof.id) }] : []));
    const byId = (left: { id: string }, right: { id: string }) => (left.id < right.id ? -1 : 1);
    return {
      places: [...ids.notes(), ...found.places.filter(isOfOthers)].sort(byId),
      removed: [...proven, ...found.removed.filter(isOfOthers)].sort(byId),
      documents: [...[...documents.values()].flatMap(({ proof }) => proof ?? []), ...found.documents.filter(isOfOthers)].sort(
        (left, right) => (left.name < right.name ? -1 : 1),
      ),
    };
  }

  return {
    load,
    /** The same, unless it was done before. */
    ready: async (options: CallOptions): Promise<void> => (isLoaded ? undefined : load(options)),
    save,
    removals: removals as Removals,
    historyOf: (id: ArchiveId): History => manifests.get(id) ?? [],
    versionsOf: (name: string): History => documents.get(name)?.versions ?? [],
    documentNames: (): string[] => [...documents.keys()],

    /** This device wrote a manifest in place of others. */
    noteManifest(id: ArchiveId, marks: readonly string[]): void {
      manifests.set(id, written(manifests.get(id) ?? [], ...marks));
    },

    /** This device removes an archive; only who can open its manifest can prove it to others. */
    async noteRemoval(id: ArchiveId, removal: Omit<KnownRemoval, "proof">, entry: ProvenEntry | undefined): Promise<void> {
      const text = entry && {
        id,
        createdAtMs: entry.createdAtMs,
        sizeBytes: entry.sizeBytes,
        keyFingerprint: entry.keyFingerprint,
        changedAtMs: changedAt(entry),
        supersededBy: removal.supersededBy,
      };
      const mac = text && (await keys.sign(text.keyFingerprint, removalText(text)));
      removals.set(id, { ...removal, ...(text && mac !== undefined && { proof: { ...text, mac } }) });
      done.delete(id);
      ids.noteUndone(id);
    },

    /** A place has carried a removal out. */
    noteDone: (place: number, id: ArchiveId): Promise<void> => ids.noteDone(place, id, removals.get(id)?.proof),
    /** Whether a place has carried a removal out before: an archive that it lists was put back since. */
    isDone: ids.isDone,
    hasOthers: ids.hasOthers,
    /** The newest removals, where there are places that this device does not have in its list. */
    remembered(): ArchiveId[] {
      if (!ids.hasOthers()) return [];
      return [...removals.values()]
        .flatMap(({ proof }) => proof ?? [])
        .sort((left, right) => right.createdAtMs - left.createdAtMs)
        .slice(0, maxRemembered)
        .map(({ id }) => id);
    },
    /** Writes the notes where a place has none of its own yet, so that other devices know of it. */
    async introduce(options: CallOptions): Promise<void> {
      if (isIntroduced || !ids.lacksSome(keeping)) return;
      isIntroduced = true;
      await save(options);
    },

    /** Every place has carried these removals out, or an archive of this id was stored again. */
    forgetRemovals(ids: Iterable<ArchiveId>): void {
      for (const id of ids) if (removals.delete(id)) done.add(id);
    },

    /** A document is about to be written in place of others. */
    async noteDocument(name: string, marks: readonly string[]): Promise<void> {
      const known = documents.get(name);
      const [turn, versions, keyFingerprint] = [(known?.turn ?? 0) + 1, written(known?.versions ?? [], ...marks), keys.newest()];
      const text = keyFingerprint === undefined ? undefined : { name, turn, versions, keyFingerprint };
      const mac = text && (await keys.sign(text.keyFingerprint, documentText(text)));
      documents.set(name, { turn, versions, ...(text && mac !== undefined && { proof: { ...text, mac } }) });
    },

    /** Whether what is known of a document lacks a proof by the newest key. */
    isStale(name: string): boolean {
      const known = documents.get(name);
      return known !== undefined && keys.newest() !== undefined && known.proof?.keyFingerprint !== keys.newest();
    },
  };
}
