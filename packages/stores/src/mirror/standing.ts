import type { ArchiveId } from "@xmtp-backup/core";
import { isSameBytes } from "../isSameBytes.ts";
import { type History, isSuperseded } from "./history.ts";
import type { KeysAtHand } from "./keysAtHand.ts";
import { changedAt, isOneArchive, type Listings, type Manifest, provenEntry } from "./manifests.ts";
import { holds, isRemoved, type Removals } from "./removals.ts";

/** What a place lacks of the archives that the others have, and what differs there. */
export type Behind = {
  /** Archives that another place has, and that may be copied. */
  missing: ArchiveId[];
  /** Archives of which it has an older manifest. */
  older: ArchiveId[];
  /** Archives that were removed while it was away. */
  removed: ArchiveId[];
  /** Archives of which it has another manifest, and nothing says which is the newer one. */
  differing: ArchiveId[];
  /** Archives that another place lists, and that no key at hand proves. */
  unproven: ArchiveId[];
};

/** How the places stand beside each other. */
export type Standing = {
  /** The best manifest of each archive: proven before unproven, newer before older. */
  listed: ReadonlyMap<ArchiveId, Manifest>;
  behind: ReadonlyMap<number, Behind>;
};

/** What decides which of two manifests is the newer one. */
export type Knowledge = {
  keys: KeysAtHand;
  removals: Removals;
  /** The manifests of an archive that this device wrote and saw. */
  historyOf: (id: ArchiveId) => History;
  /** Whether a place has carried out a removal before: what it lists now was put back. */
  isDone: (place: number, id: ArchiveId) => boolean;
  /** Whether every place answered: what none of them lists is gone. */
  isWhole: boolean;
};

type Version = { place: number; manifest: Manifest };

export async function standingOf(listings: Listings, knowledge: Knowledge): Promise<Standing> {
  const { keys, removals } = knowledge;
  const places = [...listings.keys()].sort((left, right) => left - right);
  const behind = new Map(
    places.map((place): [number, Behind] => [place, { missing: [], older: [], removed: [], differing: [], unproven: [] }]),
  );
  const listed = new Map<ArchiveId, Manifest>();

  for (const id of new Set(places.flatMap((place) => [...(listings.get(place)?.keys() ?? [])]))) {
    const versions = places.flatMap((place): Version[] => {
      const manifest = listings.get(place)?.get(id);
      return manifest ? [{ place, manifest }] : [];
    });
    const history = knowledge.historyOf(id);
    const gone = new Set<Version>();
    // Where everything that superseded an archive was lost, it counts again.
    const isVoid = knowledge.isWhole && removals.has(id) && !(await holds(id, removals, [...listings.values()], keys));
    for (const version of versions)
      if (!isVoid && !knowledge.isDone(version.place, id) && (await isRemoved(removals.get(id), version.manifest))) gone.add(version);
    const best = await bestOf(
      versions.filter((version) => !gone.has(version)),
      history,
      keys,
    );
    if (best) listed.set(id, best.manifest);

    for (const version of versions) {
      const own = behind.get(version.place);
      if (best && (await isOlder(version.manifest, best.manifest, history))) own?.older.push(id);
      else if (best && isSameBytes(version.manifest.bytes, best.manifest.bytes)) continue;
      else if (gone.has(version)) own?.removed.push(id);
      else if (best) own?.differing.push(id);
    }
    if (!best || versions.length === places.length) continue;
    const mayBeCopied = !keys.isGiven || (await provenEntry(best.manifest)) !== undefined;
    for (const place of places) if (!listings.get(place)?.has(id)) behind.get(place)?.[mayBeCopied ? "missing" : "unproven"].push(id);
  }
  return { listed, behind };
}

async function bestOf([first, ...others]: Version[], history: History, keys: KeysAtHand): Promise<Version | undefined> {
  let best = first;
  for (const other of others)
    if (best && !isSameBytes(best.manifest.bytes, other.manifest.bytes) && (await isBetter(other.manifest, best.manifest, history, keys)))
      best = other;
  return best;
}

async function isBetter(left: Manifest, right: Manifest, history: History, keys: KeysAtHand): Promise<boolean> {
  const [one, other] = await Promise.all([left.entry(), right.entry()]);
  if (one.seal === "open" && other.seal === "open") {
    if (one.keyFingerprint !== other.keyFingerprint) return keys.rank(one.keyFingerprint) < keys.rank(other.keyFingerprint);
    return isOneArchive(one, other) && (await isLater(left, right));
  }
  if (one.seal === "open" || other.seal === "open") return one.seal === "open";
  const [mark, than] = await Promise.all([left.mark(), right.mark()]);
  if (isSuperseded(history, than, mark)) return true;
  return !isSuperseded(history, mark, than) && one.seal !== "damaged" && other.seal === "damaged";
}

/** Of two proven manifests of one archive, the one that was changed later; of two that were changed at once, one is chosen everywhere alike. */
async function isLater(left: Manifest, right: Manifest): Promise<boolean> {
  const [one, other] = await Promise.all([provenEntry(left), provenEntry(right)]);
  if (!one || !other) return false;
  const difference = changedAt(one) - changedAt(other) || Number(one.details.pinned === true) - Number(other.details.pinned === true);
  return difference !== 0 ? difference > 0 : (await left.mark()) > (await right.mark());
}

/** Whether a manifest may make room for a better one: both are proven, or this device knows that the better one took its place. */
async function isOlder(manifest: Manifest, best: Manifest, history: History): Promise<boolean> {
  if (isSameBytes(manifest.bytes, best.bytes)) return false;
  const [one, other] = await Promise.all([provenEntry(manifest), provenEntry(best)]);
  if (one && other) return isOneArchive(one, other);
  return isSuperseded(history, await manifest.mark(), await best.mark());
}
