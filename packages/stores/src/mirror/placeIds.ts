import type { ArchiveId } from "@xmtp-backup/core";
import type { KeysAtHand } from "./keysAtHand.ts";
import { type Done, doneText, maxPlaces, type Notes, type PlaceNote, placeText, type Removal } from "./notes.ts";

export type PlaceIds = ReturnType<typeof createPlaceIds>;

/**
 * Which places belong to the mirrors of an inbox's devices, each by the id that it keeps in its own notes. It also knows which of them
 * have carried out which removal.
 *
 * Devices have different lists: a laptop its disk and a bucket, a phone its own storage and the same bucket. A removal is remembered for
 * the places that are not in the list. A place can claim any id, also that of another: at worst a removed archive is listed again.
 * Nothing is ever removed, copied or replaced because of an id.
 */
export function createPlaceIds(keys: KeysAtHand) {
  /** What each place that answered calls itself, by its number in this device's list. */
  const claims = new Map<number, string>();
  const known = new Map<string, PlaceNote>();
  /** The places that have carried out a removal, with the proof of a device that saw it. */
  const doneIn = new Map<ArchiveId, Map<string, Done>>();
  /** The removals that this device saw carried out, by the place's number. */
  const seenDone = new Map<number, Set<ArchiveId>>();

  const setOf = <K, V>(maps: Map<K, V>, key: K, make: () => V): V => maps.get(key) ?? (maps.set(key, make()).get(key) as V);

  /** What a place's notes say of places. */
  async function hear(index: number, { place, places }: Notes): Promise<void> {
    if (place === undefined) claims.delete(index);
    else claims.set(index, place);
    for (const note of places)
      if (known.size < maxPlaces && !known.has(note.id) && (await keys.isSigned(note.keyFingerprint, placeText(note), note.mac)))
        known.set(note.id, note);
  }

  /** What notes say of a proven removal: where it was carried out. */
  async function hearDone(removal: Removal): Promise<void> {
    const dones = setOf(doneIn, removal.id, () => new Map<string, Done>());
    for (const done of removal.doneIn ?? [])
      if (!dones.has(done.place) && (await keys.isSigned(removal.keyFingerprint, doneText(removal, done.place), done.mac)))
        dones.set(done.place, done);
  }

  return {
    hear,
    hearDone,
    /** The id to write into a place: its own, unless it has none or another place of the list has the same, as a copied folder does. */
    idFor(index: number): string {
      const claim = claims.get(index);
      const isTaken = [...claims].some(([other, id]) => other < index && id === claim);
      return claim === undefined || isTaken ? crypto.randomUUID() : claim;
    },
    /** A place keeps this id now. */
    settle: (index: number, id: string): void => void claims.set(index, id),
    /** Vouches for the places that have an id, and says whether there was a new one. */
    async vouch(): Promise<boolean> {
      const [keyFingerprint, before] = [keys.newest(), known.size];
      for (const id of claims.values()) {
        if (keyFingerprint === undefined || known.has(id) || known.size === maxPlaces) continue;
        const mac = await keys.sign(keyFingerprint, placeText({ id, keyFingerprint }));
        if (mac !== undefined) known.set(id, { id, keyFingerprint, mac });
      }
      return known.size > before;
    },
    notes: (): PlaceNote[] => [...known.values()],
    /** Whether some of these places have yet to get an id that is vouched for. */
    lacksSome: (among: readonly number[]): boolean => known.size < maxPlaces && among.some((index) => !known.has(claims.get(index) ?? "")),

    /** A place has carried a removal out; only who has the key that made the archive can prove it to others. */
    async noteDone(index: number, archive: ArchiveId, proof: Removal | undefined): Promise<void> {
      setOf(seenDone, index, () => new Set()).add(archive);
      const place = claims.get(index);
      const dones = setOf(doneIn, archive, () => new Map<string, Done>());
      if (!proof || place === undefined || dones.has(place)) return;
      const mac = await keys.sign(proof.keyFingerprint, doneText(proof, place));
      if (mac !== undefined) dones.set(place, { place, mac });
    },
    /** It is to be removed again. */
    noteUndone(archive: ArchiveId): void {
      doneIn.delete(archive);
      for (const archives of seenDone.values()) archives.delete(archive);
    },
    /** Whether a place has removed an archive before: if it lists it now, somebody put it back. */
    isDone: (index: number, archive: ArchiveId): boolean =>
      seenDone.get(index)?.has(archive) === true || doneIn.get(archive)?.has(claims.get(index) ?? "") === true,
    donesOf: (archive: ArchiveId): Done[] =>
      [...(doneIn.get(archive)?.values() ?? [])].sort((left, right) => (left.place < right.place ? -1 : 1)).slice(0, maxPlaces),
    /** Whether there are places that this device does not have in its list, or that do not answer. */
    hasOthers: (): boolean => [...known.keys()].some((id) => ![...claims.values()].includes(id)),
  };
}
