import { type ArchiveId, BackupError, type CallOptions } from "@xmtp-backup/core";
import type { KeysAtHand } from "./keysAtHand.ts";
import { listPlace, provenEntry } from "./manifests.ts";
import type { Notebook } from "./notebook.ts";
import type { Places } from "./places.ts";
import { holds, supersedersOf } from "./removals.ts";
import type { View } from "./view.ts";

/**
 * Removes a listed archive in each place that has what superseded it, and notes the removal for the others.
 *
 * It is in no list any more at once; a place that has to be given something first loses it at the next repair.
 */
export async function removeListed(
  id: ArchiveId,
  { places, notebook, view, keys }: { places: Places; notebook: Notebook; view: View; keys: KeysAtHand },
  options: CallOptions,
): Promise<void> {
  const { listed } = view.standing();
  const best = listed.get(id);
  const [marks, supersededBy] = [
    new Set([...notebook.historyOf(id), ...(await view.marksOf(id))]),
    await supersedersOf(best, listed, keys),
  ];
  await notebook.noteRemoval(id, { supersededBy, marks }, await provenEntry(best));
  const isPlaceAway = view.listings().size < places.stores.length;
  // Before it is gone from here: else a device that looks in between would copy it here again.
  if (isPlaceAway || notebook.hasOthers()) await notebook.save(options);

  const later = new Set<number>();
  const { values, failures } = await places.each(async (store, place) => {
    const listing = view.listings().get(place) ?? (await listPlace(store, keys, options));
    const isHeld = listing.has(id) && !(await holds(id, notebook.removals, [listing], keys));
    if (isHeld) later.add(place);
    else await store.remove(id, options);
  }, options);
  const open = [...failures.keys(), ...later];
  const gone = [...values.keys()].filter((place) => !later.has(place));
  for (const place of gone) await notebook.noteDone(place, id);
  view.removedIn(id, gone);
  view.missedBy(id, open);
  if (open.length === 0 && !notebook.hasOthers() && ![...notebook.removals].some(([, { supersededBy: others }]) => others.includes(id)))
    notebook.forgetRemovals([id]);
  await view.judge();
  if (open.length > 0 || isPlaceAway || notebook.hasOthers()) await notebook.save(options);
}

/** @throws ARCHIVE_NOT_FOUND when the archive was removed, and some place has yet to carry that out */
export function assertNotRemoved(id: ArchiveId, notebook: Notebook, view: View): void {
  if (notebook.removals.has(id) && !view.standing().listed.has(id))
    throw new BackupError("ARCHIVE_NOT_FOUND", "There is no archive of this id.");
}
