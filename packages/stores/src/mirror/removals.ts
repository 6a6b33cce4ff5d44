import type { ArchiveId } from "@xmtp-backup/core";
import type { KeysAtHand } from "./keysAtHand.ts";
import { changedAt, type Listing, type Manifest, type ProvenEntry, provenEntry } from "./manifests.ts";
import { maxSuperseding, type Removal } from "./notes.ts";

/** A removal that holds: this device made it, or its proof is right. */
export type KnownRemoval = {
  supersededBy: readonly ArchiveId[];
  /** The manifests that this device saw when it removed the archive, as SHA-256. */
  marks: ReadonlySet<string>;
  /** What every device with the key can check. */
  proof?: Removal;
};

export type Removals = ReadonlyMap<ArchiveId, KnownRemoval>;

/**
 * Whether the removal of an archive concerns what a place lists under its id.
 *
 * It does not concern another archive of that id, a manifest that nothing proves, and a pin that the remover had not seen.
 */
export async function isRemoved(removal: KnownRemoval | undefined, manifest: Manifest): Promise<boolean> {
  if (!removal) return false;
  if (removal.marks.size > 0 && removal.marks.has(await manifest.mark())) return true;
  const [{ proof }, entry] = [removal, await provenEntry(manifest)];
  if (
    !proof ||
    !entry ||
    entry.id !== proof.id ||
    entry.createdAtMs !== proof.createdAtMs ||
    entry.sizeBytes !== proof.sizeBytes ||
    entry.keyFingerprint !== proof.keyFingerprint
  )
    return false;
  return entry.details.pinned !== true || changedAt(entry) <= proof.changedAtMs;
}

/**
 * Whether a removal holds in one place, or in several together: something that superseded the archive is listed there, or nothing did.
 *
 * A place carries out a removal only where it holds in this very place, and an archive is hidden only as long as it holds anywhere. Else a
 * place that loses everything else, by accident or on purpose, would take the older archives of the other one with it.
 */
export async function holds(
  id: ArchiveId,
  removals: Removals,
  listings: readonly Listing[],
  keys: KeysAtHand,
  answers = new Map<ArchiveId, boolean>(),
): Promise<boolean> {
  const known = answers.get(id);
  if (known !== undefined) return known;
  answers.set(id, false);
  const answer = await isSuperseded(removals.get(id), removals, listings, keys, answers);
  answers.set(id, answer);
  return answer;
}

async function isSuperseded(
  removal: KnownRemoval | undefined,
  removals: Removals,
  listings: readonly Listing[],
  keys: KeysAtHand,
  answers: Map<ArchiveId, boolean>,
): Promise<boolean> {
  if (!removal) return false;
  for (const other of removal.supersededBy) if (await isHeld(other, removals, listings, keys)) return true;
  // Nothing superseded it, or what did was removed in its turn, all of it.
  for (const other of removal.supersededBy) if (!(await holds(other, removals, listings, keys, answers))) return false;
  return true;
}

async function isHeld(id: ArchiveId, removals: Removals, listings: readonly Listing[], keys: KeysAtHand): Promise<boolean> {
  for (const listing of listings) {
    const manifest = listing.get(id);
    if (manifest && !(await isRemoved(removals.get(id), manifest)) && (!keys.isGiven || (await provenEntry(manifest)) !== undefined))
      return true;
  }
  return false;
}

/** The newest of the archives that supersede one: whole, of the same inbox, and at least as new. */
export async function supersedersOf(
  removed: Manifest | undefined,
  listed: ReadonlyMap<ArchiveId, Manifest>,
  keys: KeysAtHand,
): Promise<ArchiveId[]> {
  const before = await removed?.entry();
  if (!before) return [];
  const found: { id: ArchiveId; createdAtMs: number }[] = [];
  for (const [id, manifest] of listed) {
    const entry = await manifest.entry();
    const isCandidate = keys.isGiven
      ? entry.seal === "open" && isWhole(entry) && entry.details.inboxId === before.details?.inboxId
      : entry.seal === "otherKey";
    if (id !== before.id && isCandidate && entry.createdAtMs >= before.createdAtMs) found.push({ id, createdAtMs: entry.createdAtMs });
  }
  return found
    .sort((left, right) => right.createdAtMs - left.createdAtMs)
    .slice(0, maxSuperseding)
    .map(({ id }) => id);
}

/** An increment needs the archives that it is based on, and so takes the place of no other. */
function isWhole({ details: { elements, startNs, endNs, missingMessages, increment } }: ProvenEntry): boolean {
  return (
    increment === undefined &&
    elements.includes("messages") &&
    startNs === undefined &&
    endNs === undefined &&
    missingMessages === undefined
  );
}

/** The removals that must be remembered: those that some place has yet to carry out, and what these depend on. */
export function neededRemovals(removals: Removals, pending: Iterable<ArchiveId>): Set<ArchiveId> {
  const needed = new Set<ArchiveId>();
  const add = (id: ArchiveId) => {
    const removal = removals.get(id);
    if (!removal || needed.has(id)) return;
    needed.add(id);
    removal.supersededBy.forEach(add);
  };
  for (const id of pending) add(id);
  return needed;
}
