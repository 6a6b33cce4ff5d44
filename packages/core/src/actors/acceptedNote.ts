import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import type { AcceptedSmaller } from "../policy/holdings.ts";

const noteName = "accepted-smaller";
const version = 1;

/** Keeps the user's word that the newest archive may hold less than these. */
export function writeAccepted(journal: Journal, accepted: AcceptedSmaller, options?: CallOptions): Promise<void> {
  return journal.write(noteName, { version, ...accepted }, options);
}

/** The user's word, if there is one; a note that can't be read or that another version wrote is as good as none: larger archives stay. */
export async function readAccepted(journal: Journal, options: CallOptions = {}): Promise<AcceptedSmaller | undefined> {
  const note: unknown = await journal.read(noteName, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return isAccepted(note) ? note : undefined;
}

function isAccepted(note: unknown): note is AcceptedSmaller {
  if (typeof note !== "object" || note === null) return false;
  const { version: found, atMs, archives } = note as Record<string, unknown>;
  return found === version && Number.isFinite(atMs) && typeof archives === "object" && archives !== null && Object.values(archives).every(isLevel);
}

function isLevel(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { messages, conversations } = value as Record<string, unknown>;
  return Number.isFinite(messages) && Number.isFinite(conversations);
}
