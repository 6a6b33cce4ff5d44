import type { Consent } from "../ports/hostConversation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { type HeldDecision, type HeldDecisions, noDecisions } from "./rules/heldDecisions.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** As plain JSON: pairs, since an id may be any text. */
type DecisionsNote = { conversations: Pair[]; people: Pair[] };
type Pair = [id: string, decision: NotedDecision];
type NotedDecision = Omit<HeldDecision, "exportedAtNs"> & { exportedAtNs: string };

const decisionsNote = versionedNote<DecisionsNote>("decisions", 1, isDecisionsNote);

/** Keeps what holds here: an import that is cut off must not leave it to the SDK, and an older archive must not change it. */
export function writeDecisions(journal: Journal, { conversations, people }: HeldDecisions, options?: CallOptions): Promise<void> {
  return decisionsNote.write(journal, { conversations: toPairs(conversations), people: toPairs(people) }, options);
}

/** The decisions that hold here. An unreadable note counts as missing: the client and the archive at hand are right then. */
export async function readDecisions(journal: Journal, options: CallOptions = {}): Promise<HeldDecisions> {
  const note = await decisionsNote.read(journal, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return note ? { conversations: toMap(note.conversations), people: toMap(note.people) } : noDecisions;
}

function toPairs(decisions: ReadonlyMap<string, HeldDecision>): Pair[] {
  return [...decisions].map(([id, decision]) => [id, { ...decision, exportedAtNs: String(decision.exportedAtNs) }]);
}

function toMap(pairs: readonly Pair[]): Map<string, HeldDecision> {
  return new Map(pairs.map(([id, decision]) => [id, { ...decision, exportedAtNs: BigInt(decision.exportedAtNs) }]));
}

function isDecisionsNote(note: unknown): note is DecisionsNote {
  const { conversations, people } = note as Partial<Record<keyof DecisionsNote, unknown>>;
  return isPairs(conversations) && isPairs(people);
}

function isPairs(value: unknown): value is Pair[] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && typeof pair[0] === "string" && isDecision(pair[1]));
}

const consents: readonly unknown[] = ["allowed", "unknown", "denied"] satisfies Consent[];

function isDecision(value: unknown): value is NotedDecision {
  if (typeof value !== "object" || value === null) return false;
  const { consent, exportedAtNs, byImport = [] } = value as Partial<NotedDecision>;
  return (
    consents.includes(consent) &&
    Array.isArray(byImport) &&
    byImport.every((each) => consents.includes(each)) &&
    typeof exportedAtNs === "string" &&
    /^-?\d{1,20}$/.test(exportedAtNs)
  );
}
