import type { TrackedConversation } from "../model/activation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";

const noteName = "activation";
const expectedNoteName = "restoring";

/** Keeps which conversations were restored, so that the next start goes on following them. */
export function writeTracked(journal: Journal, conversations: readonly TrackedConversation[], options?: CallOptions): Promise<void> {
  return journal.write(noteName, { conversations }, options);
}

export async function readTracked(journal: Journal, options?: CallOptions): Promise<TrackedConversation[]> {
  const note = await journal.read(noteName, options);
  const isNote = typeof note === "object" && note !== null && "conversations" in note && Array.isArray(note["conversations"]);
  return isNote ? (note["conversations"] as unknown as TrackedConversation[]) : [];
}

/** Keeps which conversations an import is about to bring: a kill in the middle of it must not leave them unknown. */
export function writeExpected(journal: Journal, conversationIds: readonly string[]): Promise<void> {
  return journal.write(expectedNoteName, { conversationIds });
}

export async function readExpected(journal: Journal): Promise<string[]> {
  const note = await journal.read(expectedNoteName);
  const isNote = typeof note === "object" && note !== null && "conversationIds" in note && Array.isArray(note["conversationIds"]);
  return isNote ? (note["conversationIds"] as string[]) : [];
}

export function removeExpected(journal: Journal): Promise<void> {
  return journal.remove(expectedNoteName);
}
