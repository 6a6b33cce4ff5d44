import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { isTooOld, type NotedSlice, readSliceNote, removeSliceNote, type SliceNote } from "./sliceNote.ts";

const prefix = "slice-";

/** The name under which the host keeps a slice. */
export function sliceName({ runId }: Pick<SliceNote, "runId">, { index }: Pick<NotedSlice, "index">): string {
  return `${prefix}${runId}-${index}`;
}

/** Removes every slice that is kept, and their note. What can't be removed costs room, until the next time. */
export async function forgetSlices({ host, journal }: Pick<Dependencies, "host" | "journal">, options: CallOptions = {}): Promise<void> {
  if (!host.kept) return;
  try {
    await removeSliceNote(journal, options);
    await removeAllBut({ host }, new Set(), options);
  } catch {
    options.signal?.throwIfAborted();
  }
}

/** Removes the slices of a backup that nobody will go on with: those that no note names, and those of one that was given up days ago. */
export async function sweepSlices({ host, journal, clock }: Pick<Dependencies, "host" | "journal" | "clock">): Promise<void> {
  if (!host.kept) return;
  const note = await readSliceNote(journal);
  if (!note || isTooOld(note, clock.now())) return forgetSlices({ host, journal });
  await removeAllBut({ host }, new Set(note.slices.map((slice) => sliceName(note, slice)))).catch(() => undefined);
}

/** Removes kept slices but those of these names. */
export async function removeAllBut(
  { host: { kept } }: Pick<Dependencies, "host">,
  names: ReadonlySet<string>,
  options: CallOptions = {},
): Promise<void> {
  for (const { name } of (await kept?.list(options)) ?? []) {
    if (name.startsWith(prefix) && !names.has(name)) await kept?.remove(name, options);
  }
}
