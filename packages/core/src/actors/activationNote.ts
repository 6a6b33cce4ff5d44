import type { ImportedHistory } from "../model/importedHistory.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { type ActivationMemory, isActivationMemory } from "../policy/activationMemory.ts";

const noteName = "activation";
const expectedNoteName = "restoring";

/** Keeps what is known of the restored conversations, so that the next start goes on following them. */
export function writeActivation(journal: Journal, memory: ActivationMemory, options?: CallOptions): Promise<void> {
  return journal.write(noteName, memory, options);
}

export async function readActivation(journal: Journal, options?: CallOptions): Promise<ActivationMemory | undefined> {
  const note: unknown = await journal.read(noteName, options);
  return isActivationMemory(note) ? note : undefined;
}

/** Keeps what an import is about to bring: a kill in the middle of it must not leave it unknown. */
export function writeExpected(journal: Journal, history: ImportedHistory): Promise<void> {
  return journal.write(expectedNoteName, history);
}

export async function readExpected(journal: Journal): Promise<ImportedHistory | undefined> {
  const note: unknown = await journal.read(expectedNoteName);
  return typeof note === "object" && note !== null && Array.isArray((note as Partial<ImportedHistory>).conversations) ? (note as ImportedHistory) : undefined;
}

export function removeExpected(journal: Journal): Promise<void> {
  return journal.remove(expectedNoteName);
}
