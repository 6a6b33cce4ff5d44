import { versionedNote } from "../tasks/versionedNote.ts";

/** What was here before an import that is under way; times are texts, since JSON has no bigint. */
type BringingNote = { parts: readonly unknown[] };

/** Small, since every start looks for it. `bringingParts` reads its parts. */
export const bringingNote = versionedNote<BringingNote>("bringing", 1, isBringingNote);

function isBringingNote(note: unknown): note is BringingNote {
  return Array.isArray((note as Partial<BringingNote>).parts);
}
