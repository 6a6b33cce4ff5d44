import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import type { AcceptedSmaller } from "./rules/compareHoldings.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

const acceptedNote = versionedNote<AcceptedSmaller>("accepted-smaller", 1, isAccepted);

/** Keeps the user's word that the newest archive may hold less than these. */
export function writeAccepted(journal: Journal, accepted: AcceptedSmaller, options?: CallOptions): Promise<void> {
  return acceptedNote.write(journal, accepted, options);
}

/** The user's word, if there is one. A note that can't be read counts as missing: larger archives stay. */
export async function readAccepted(journal: Journal, options: CallOptions = {}): Promise<AcceptedSmaller | undefined> {
  const accepted = await acceptedNote.read(journal, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return accepted;
}

function isAccepted(note: unknown): note is AcceptedSmaller {
  const { atMs, archives } = note as Partial<Record<keyof AcceptedSmaller, unknown>>;
  return Number.isFinite(atMs) && typeof archives === "object" && archives !== null && Object.values(archives).every(isLevel);
}

function isLevel(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { messages, conversations } = value as Record<string, unknown>;
  return Number.isFinite(messages) && Number.isFinite(conversations);
}
