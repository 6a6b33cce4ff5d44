import type { Consent } from "../../ports/hostConversation.ts";
import { type ArchivedDecision, type ArchivedDecisions, type Decisions, weakly } from "../../archives/decisions.ts";

/** What holds for one conversation or person on this installation, beside the time of the archive that it comes from. */
export type HeldDecision = ArchivedDecision & {
  /** The user decided it on this installation: no archive changes it. @default false */
  isOwn?: boolean;
  /** The client may say something else, since an import is under way or was cut off. @default false */
  isDue?: boolean;
  /** While it is due: what the import may make of it; anything else is the user's own decision of meanwhile. @default anything */
  byImport?: readonly Consent[];
};

/** The decisions that hold on this installation. */
export type HeldDecisions = Decisions<HeldDecision>;

export const noDecisions: HeldDecisions = { conversations: new Map(), people: new Map() };

/**
 * What is to hold after an import, whatever the import makes of it.
 *
 * Of each decision the newest archive that tells it is right, by its export time, in whatever order archives are restored. The user's own
 * decision on this installation is right before any archive: it shows as a consent that is neither missing nor what holds so far.
 *
 * @param present - what the client says before the import, of those that it knows
 * @param welcomed - conversations that a Welcome allows: to be allowed is no decision of the user there
 */
export function planDecisions(
  held: HeldDecisions,
  archived: ArchivedDecisions,
  present: Decisions,
  welcomed: ReadonlySet<string> = new Set(),
): HeldDecisions {
  const decided = new Map(
    [...present.conversations].filter(([id, consent]) => consent !== "allowed" || !welcomed.has(id) || held.conversations.has(id)),
  );
  return {
    conversations: withImport(
      plan(held.conversations, withoutWeak(archived.conversations, present.conversations), decided),
      held.conversations,
      (id) => ["allowed", "unknown", archived.conversations.get(id)?.consent, present.conversations.get(id)],
    ),
    people: withImport(plan(held.people, archived.people, present.people), held.people, (id) => [
      archived.people.get(id)?.consent,
      present.people.get(id),
    ]),
  };
}

/** Whether a decision is still to be passed to the client. */
export function owesDecisions({ conversations, people }: HeldDecisions): boolean {
  return [...conversations.values(), ...people.values()].some(({ isDue }) => isDue);
}

/** The decisions that are to be passed to the client. */
export function dueOf(held: ReadonlyMap<string, HeldDecision>): Map<string, Consent> {
  return new Map([...held].flatMap(([id, { consent, isDue }]) => (isDue ? [[id, consent] as const] : [])));
}

/** The same decisions, of which these are still due and no others. */
export function withDue(held: ReadonlyMap<string, HeldDecision>, due: ReadonlySet<string>): Map<string, HeldDecision> {
  return new Map(
    [...held].map(([id, { isDue: _isDue, byImport, ...decision }]) => [
      id,
      due.has(id) ? { ...decision, isDue: true, ...(byImport && { byImport }) } : decision,
    ]),
  );
}

/** What holds after an import, or after the part of it that brings this: what the user decided meanwhile, or else what was noted. */
export function settleDecision(held: HeldDecision, present: Consent | undefined): HeldDecision {
  return present !== undefined && isDecidedSince(held, present) ? { consent: present, exportedAtNs: held.exportedAtNs, isOwn: true } : held;
}

type Held = ReadonlyMap<string, HeldDecision>;
type Archived = ReadonlyMap<string, ArchivedDecision>;

/** A request that nobody decided about stays one: neither another inbox nor the lack of consent in an archive accepts or denies it. */
function withoutWeak(archived: Archived, present: ReadonlyMap<string, Consent>): Archived {
  return new Map(
    [...archived].map(([id, decision]) => [
      id,
      decision.exportedAtNs < 0n && present.get(id) === "unknown" ? { ...decision, consent: "unknown" } : decision,
    ]),
  );
}

function plan(held: Held, archived: Archived, present: ReadonlyMap<string, Consent>): Held {
  const ids = new Set([...held.keys(), ...archived.keys(), ...present.keys()]);
  return new Map([...ids].map((id) => [id, { ...decide(held.get(id), archived.get(id), present.get(id)), isDue: true }]));
}

/** Notes beside each decision what the client may say of it while it is due. */
function withImport(planned: Held, before: Held, madeOf: (id: string) => readonly (Consent | undefined)[]): Held {
  return new Map(
    [...planned].map(([id, decision]) => {
      const earlier = before.get(id);
      const made = earlier?.isDue ? earlier.byImport : [];
      // Of an import that was cut off, and did not note it, anything may come.
      if (!made) return [id, decision];
      return [id, { ...decision, byImport: [...new Set([...made, ...madeOf(id)])].filter((consent) => consent !== undefined) }];
    }),
  );
}

/** Whether the user has decided since a decision was noted: the client says what no import makes of it. */
function isDecidedSince({ consent, isDue = false, isOwn = false, byImport }: HeldDecision, present: Consent): boolean {
  if (!isDue) return isOwn || present !== consent;
  return byImport !== undefined && present !== consent && !byImport.includes(present);
}

function decide(
  held: HeldDecision | undefined,
  archived: ArchivedDecision | undefined,
  present: Consent | undefined,
): Omit<HeldDecision, "isDue"> {
  if (!held) return decideFirst(archived, present);
  const { consent, exportedAtNs, isOwn = false } = held;
  if (present !== undefined && isDecidedSince(held, present)) return { consent: present, exportedAtNs, isOwn: true };
  if (isOwn) return { consent, exportedAtNs, isOwn };
  return archived && archived.exportedAtNs >= exportedAtNs ? archived : { consent, exportedAtNs };
}

/** Of what no archive brought before, a consent that is there is the user's own decision; `unknown` is none. */
function decideFirst(archived: ArchivedDecision | undefined, present: Consent | undefined): Omit<HeldDecision, "isDue"> {
  if (archived === undefined) return { consent: present ?? "unknown", exportedAtNs: weakly.undecided, isOwn: true };
  const isOwn = present !== undefined && present !== "unknown" && present !== archived.consent;
  return isOwn ? { consent: present, exportedAtNs: archived.exportedAtNs, isOwn } : archived;
}
