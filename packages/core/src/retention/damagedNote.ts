import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "../tasks/versionedNote.ts";
import type { DamagedArchive } from "./rules/damagedArchive.ts";

/** The version of the note `policy`, in which the policy keeps its memory (`policy/policyNote.ts`). */
export const policyNoteVersion = 1;

/** Retention reads one fact of that note, and never writes it. */
const policyNote = versionedNote<{ damage?: DamagedArchive }>("policy", policyNoteVersion, isNote);

/** The stored archive that the policy's verification found damaged, if any. An unreadable note names none. */
export async function readDamaged(journal: Journal, options: CallOptions = {}): Promise<DamagedArchive | undefined> {
  const note = await policyNote.read(journal, options).catch(() => undefined);
  return note?.damage;
}

function isNote(note: unknown): note is { damage?: DamagedArchive } {
  const { damage } = note as { damage?: Partial<DamagedArchive> };
  return damage === undefined || typeof damage?.id === "string";
}
