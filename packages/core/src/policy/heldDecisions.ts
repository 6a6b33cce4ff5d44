import type { Consent } from "../model/conversation.ts";
import type { ArchivedDecisions, Decisions } from "../model/decisions.ts";

/** What holds for one conversation or person on this installation. */
export type HeldDecision = {
  consent: Consent;
  /** The user decided it on this installation: no archive changes it. @default false */
  isOwn?: boolean;
  /** The client may say something else, since an import is under way or was cut off. @default false */
  isDue?: boolean;
};

/** The decisions that hold on this installation, beside the time of the newest archive that they come from. */
export type HeldDecisions = {
  /** Nanoseconds since 1970. */
  exportedAtNs: bigint;
  conversations: ReadonlyMap<string, HeldDecision>;
  people: ReadonlyMap<string, HeldDecision>;
};

export const noDecisions: HeldDecisions = { exportedAtNs: -1n, conversations: new Map(), people: new Map() };

/**
 * What is to hold after an import, whatever the import makes of it.
 *
 * The newest archive by its export time is right, in whatever order archives are restored. The user's own decision on this installation
 * is right before any archive: it shows as a consent that is neither missing nor what holds so far.
 *
 * @param present - what the client says before the import, of those that it knows
 */
export function planDecisions(held: HeldDecisions, archived: ArchivedDecisions, present: Decisions): HeldDecisions {
  const isNewest = archived.exportedAtNs >= held.exportedAtNs;
  return {
    exportedAtNs: isNewest ? archived.exportedAtNs : held.exportedAtNs,
    conversations: plan(held.conversations, archived.conversations, present.conversations, isNewest),
    people: plan(held.people, archived.people, present.people, isNewest),
  };
}

/** Whether the client is still to be told of a decision. */
export function owesDecisions({ conversations, people }: HeldDecisions): boolean {
  return [...conversations.values(), ...people.values()].some(({ isDue }) => isDue);
}

/** The decisions that the client is to be told. */
export function dueOf(held: ReadonlyMap<string, HeldDecision>): Map<string, Consent> {
  return new Map([...held].flatMap(([id, { consent, isDue }]) => (isDue ? [[id, consent] as const] : [])));
}

/** The same decisions, of which these are still due and no others. */
export function withDue(held: ReadonlyMap<string, HeldDecision>, due: ReadonlySet<string>): Map<string, HeldDecision> {
  return new Map([...held].map(([id, { isDue: _isDue, ...decision }]) => [id, due.has(id) ? { ...decision, isDue: true } : decision]));
}

type Held = ReadonlyMap<string, HeldDecision>;

function plan(held: Held, archived: ReadonlyMap<string, Consent>, present: ReadonlyMap<string, Consent>, isNewest: boolean): Held {
  const ids = new Set([...held.keys(), ...archived.keys(), ...present.keys()]);
  return new Map([...ids].map((id) => [id, { ...decide(held.get(id), archived.get(id), present.get(id), isNewest), isDue: true }]));
}

function decide(held: HeldDecision | undefined, archived: Consent | undefined, present: Consent | undefined, isNewest: boolean): Omit<HeldDecision, "isDue"> {
  if (!held) return decideFirst(archived, present);
  const { consent, isOwn = false, isDue = false } = held;
  // An import that was cut off may have changed it, so that nothing tells whether the user did.
  const isOwnNow = !isDue && present !== undefined && (isOwn || present !== consent);
  if (isOwnNow) return { consent: present, isOwn: true };
  if (isOwn) return { consent, isOwn };
  return { consent: isNewest ? (archived ?? consent) : consent };
}

/** Of what no archive brought before, a consent that is there is the user's own decision; `unknown` is none. */
function decideFirst(archived: Consent | undefined, present: Consent | undefined): Omit<HeldDecision, "isDue"> {
  if (archived === undefined || (present !== undefined && present !== "unknown" && present !== archived)) return { consent: present ?? "unknown", isOwn: true };
  return { consent: archived };
}
