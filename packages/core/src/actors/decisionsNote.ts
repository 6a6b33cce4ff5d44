import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { type HeldDecision, type HeldDecisions, noDecisions } from "../policy/heldDecisions.ts";
import { versionedNote } from "./versionedNote.ts";

/** As plain JSON: pairs, since an id may be any text. */
type DecisionsNote = { exportedAtNs: string; conversations: Pair[]; people: Pair[] };
type Pair = [id: string, decision: HeldDecision];

const decisionsNote = versionedNote<DecisionsNote>("decisions", 1, isDecisionsNote);

/** Keeps what holds here: an import that is cut off must not leave it to the SDK, and an older archive must not change it. */
export function writeDecisions(journal: Journal, { exportedAtNs, conversations, people }: HeldDecisions, options?: CallOptions): Promise<void> {
  return decisionsNote.write(journal, { exportedAtNs: String(exportedAtNs), conversations: [...conversations], people: [...people] }, options);
}

/** What holds here; a note that can't be read is as good as none: the client and the archive at hand are right then. */
export async function readDecisions(journal: Journal, options: CallOptions = {}): Promise<HeldDecisions> {
  const note = await decisionsNote.read(journal, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  if (!note) return noDecisions;
  return { exportedAtNs: BigInt(note.exportedAtNs), conversations: new Map(note.conversations), people: new Map(note.people) };
}

function isDecisionsNote(note: unknown): note is DecisionsNote {
  const { exportedAtNs, conversations, people } = note as Partial<Record<keyof DecisionsNote, unknown>>;
  return typeof exportedAtNs === "string" && /^-?\d{1,20}$/.test(exportedAtNs) && isPairs(conversations) && isPairs(people);
}

function isPairs(value: unknown): value is Pair[] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && typeof pair[0] === "string" && isDecision(pair[1]));
}

const consents: readonly unknown[] = ["allowed", "unknown", "denied"];

function isDecision(value: unknown): value is HeldDecision {
  return typeof value === "object" && value !== null && consents.includes((value as Partial<HeldDecision>).consent);
}
