import type { TrackedConversation } from "../model/activation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";

const noteName = "activation";

/** Keeps which conversations were restored, so that the next start goes on following them. */
export function writeTracked(journal: Journal, conversations: readonly TrackedConversation[], options?: CallOptions): Promise<void> {
  return journal.write(noteName, { conversations }, options);
}

export async function readTracked(journal: Journal, options?: CallOptions): Promise<TrackedConversation[]> {
  const note = await journal.read(noteName, options);
  const isNote = typeof note === "object" && note !== null && "conversations" in note && Array.isArray(note["conversations"]);
  return isNote ? (note["conversations"] as unknown as TrackedConversation[]) : [];
}
