import type { Journal } from "../ports/journal.ts";
import type { Here } from "../imported/historyParts.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** How many messages each conversation had when history was asked for; null where they could not be counted. */
type ArrivalsNote = { here: readonly (readonly [id: string, messages: number | null])[] };

const arrivalsNote = versionedNote<ArrivalsNote>("arrivals", 1, isArrivalsNote);

/** Notes what is here before history arrives, so that a later process can tell what is new. */
export function writeArrivals(journal: Journal, here: Here): Promise<void> {
  return arrivalsNote.write(journal, { here: [...here].map(([id, messages]) => [id, messages ?? null]) });
}

/** What was here before history arrived. */
export async function readArrivals(journal: Journal): Promise<Map<string, number | undefined> | undefined> {
  const note = await arrivalsNote.read(journal);
  return note && new Map(note.here.map(([id, messages]) => [id, messages ?? undefined]));
}

export function removeArrivals(journal: Journal): Promise<void> {
  return arrivalsNote.remove(journal);
}

function isArrivalsNote(note: unknown): note is ArrivalsNote {
  const { here } = note as { here?: unknown };
  return Array.isArray(here) && here.every(isCounted);
}

function isCounted(entry: unknown): boolean {
  if (!Array.isArray(entry)) return false;
  const [id, messages] = entry as unknown[];
  return typeof id === "string" && (messages === null || (Number.isSafeInteger(messages) && (messages as number) >= 0));
}
