import type { ImportedHistory } from "../imported/importedHistory.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { type ActivationMemory, isActivationMemory } from "./rules/activationMemory.ts";
import { inPresentWords } from "./rules/inPresentWords.ts";
import { packArchived, unpackArchived } from "./rules/packArchived.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

const activationNote = versionedNote<ActivationMemory>("activation", 1, isActivationMemory);
const expectedNote = versionedNote<ImportedHistory>("restoring", 1, isImportedHistory);

/** Keeps what is known of the restored conversations, so that the next start goes on tracking them. */
export function writeActivation(journal: Journal, memory: ActivationMemory, options?: CallOptions): Promise<void> {
  return activationNote.write(journal, packArchived(memory) as ActivationMemory, options);
}

export async function readActivation(journal: Journal, options?: CallOptions): Promise<ActivationMemory | undefined> {
  const note = await activationNote.read(journal, options);
  return note && inPresentWords(unpackArchived(note));
}

/** Keeps what an import is about to bring: a kill in the middle of it must not leave it unknown. */
export function writeExpected(journal: Journal, history: ImportedHistory): Promise<void> {
  return expectedNote.write(journal, packArchived(history) as ImportedHistory);
}

export async function readExpected(journal: Journal, options?: CallOptions): Promise<ImportedHistory | undefined> {
  const note = await expectedNote.read(journal, options);
  return note && unpackArchived(note);
}

export function removeExpected(journal: Journal): Promise<void> {
  return expectedNote.remove(journal);
}

function isImportedHistory(note: unknown): note is ImportedHistory {
  const { endMs, conversations } = note as Partial<Record<keyof ImportedHistory, unknown>>;
  return (
    Number.isFinite(endMs) &&
    Array.isArray(conversations) &&
    conversations.every((each) => typeof (each as { id?: unknown } | null)?.id === "string")
  );
}
