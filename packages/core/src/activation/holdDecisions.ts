import type { Consent } from "../ports/hostConversation.ts";
import type { ArchivedDecision, ArchivedDecisions, Decisions } from "../archives/decisions.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";
import {
  dueOf,
  type HeldDecision,
  type HeldDecisions,
  owesDecisions,
  planDecisions,
  settleDecision,
  withDue,
} from "./rules/heldDecisions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { readDecisions, writeDecisions } from "./decisionsNote.ts";

type Parts = Pick<Dependencies, "host" | "journal">;

/** How many people the client is asked about at a time. */
const atOnce = 8;

/** What an import brings, beside decisions. */
export type Brought = {
  /** The person of each DM. */
  peers: ReadonlyMap<string, string>;
  /** Conversations that a Welcome allows, since the user made them, and that another installation of the user backed up. */
  welcomed: ReadonlySet<string>;
};

/**
 * Notes, before an import, what is to hold after it: the import allows every DM
 * (docs/sdk-facts.md#import-allows-every-dm), and can overwrite decisions (docs/sdk-facts.md#changed-decision-keeps-its-date).
 *
 * @throws HOST_FAILED when the client can't say what the user decided so far
 */
export async function noteDecisions(
  { host, journal }: Parts,
  archived: ArchivedDecisions,
  { peers, welcomed }: Brought,
  { signal }: CallOptions,
): Promise<void> {
  const held = await readDecisions(journal, { signal });
  const ids = new Set([...held.conversations.keys(), ...archived.conversations.keys()]);
  const people = new Set([...held.people.keys(), ...archived.people.keys()]);
  const present = await presentDecisions(host, [...ids], [...people], { signal });
  const coming = new Map([...peers].filter(([id]) => !present.conversations.has(id)));
  const denied = await deniedHere(host, held, archived, new Set(coming.values()), { signal });
  const asOthers = [...coming].flatMap(([id, peer]) => (denied.has(peer) ? [[id, "denied"] as const] : []));
  const conversations = new Map([...present.conversations, ...asOthers]);
  await writeDecisions(journal, planDecisions(held, archived, { ...present, conversations }, welcomed), { signal });
}

/** Whose DM the user has denied on this installation: another DM with the same person is denied too (docs/sdk-facts.md#stitched-dms). */
async function deniedHere(
  host: Host,
  held: HeldDecisions,
  archived: ArchivedDecisions,
  peers: ReadonlySet<string>,
  { signal }: CallOptions,
): Promise<Set<string>> {
  const listed = peers.size === 0 ? [] : await host.listConversations({ signal, ids: [], peerInboxIds: [...peers] });
  const denied = listed.filter(
    ({ id, consent }) => consent === "denied" && isOwnDenial(held.conversations.get(id), archived.conversations.get(id)),
  );
  return new Set(denied.flatMap(({ peerInboxId }) => peerInboxId ?? []));
}

function isOwnDenial(held: HeldDecision | undefined, archived: ArchivedDecision | undefined): boolean {
  if (held) return held.isOwn === true || (!held.isDue && held.consent !== "denied");
  return archived?.consent !== "denied";
}

/**
 * Tells the client every decision that is due and that it does not hold, after an import or after one that was cut off.
 *
 * A decision that the user made meanwhile holds, where no import makes it. A decision that could not be passed to the client stays noted
 * and is tried at the next start. Never throws.
 *
 * @param importedIds - conversations whose part of the import is in, and that of all people. From then on, a change about them is the
 * user's own decision. @default the whole import is over
 */
export async function holdDecisions({ host, journal }: Parts, importedIds?: readonly string[]): Promise<void> {
  try {
    const held = await readDecisions(journal);
    if (!owesDecisions(held)) return;
    const due = { conversations: new Set(dueOf(held.conversations).keys()), people: new Set(dueOf(held.people).keys()) };
    const ids = importedIds?.filter((id) => due.conversations.has(id)) ?? [...due.conversations];
    const people = [...due.people];
    if (ids.length + people.length === 0) return;
    const present = await presentDecisions(host, ids, people, {});
    await writeDecisions(journal, {
      conversations: await settle(held.conversations, due.conversations, ids, present.conversations, (id, consent) =>
        host.setConsent(id, consent),
      ),
      people: await settle(held.people, due.people, people, present.people, (id, consent) => host.setConsentOf(id, consent)),
    });
  } catch {
    // The note says what is due, and the next start tries it once more.
  }
}

/**
 * Passes these to the client, and gives all decisions back: those that failed are still due. Conversations that the client lacks are
 * skipped.
 */
async function settle(
  held: ReadonlyMap<string, HeldDecision>,
  due: ReadonlySet<string>,
  ids: readonly string[],
  present: ReadonlyMap<string, Consent>,
  set: (id: string, consent: Consent) => Promise<void>,
): Promise<Map<string, HeldDecision>> {
  const settled = new Map(held);
  const still = new Set(due);
  for (const id of ids) {
    const now = present.get(id);
    const decision = settleDecision(held.get(id) as HeldDecision, now);
    settled.set(id, decision);
    still.delete(id);
    if (now !== undefined && now !== decision.consent) await set(id, decision.consent).catch(() => still.add(id));
  }
  return withDue(settled, still);
}

async function presentDecisions(
  host: Host,
  ids: readonly string[],
  people: readonly string[],
  { signal }: CallOptions,
): Promise<Decisions> {
  const listed = ids.length === 0 ? [] : await host.listConversations({ signal, ids });
  const consents: [string, Consent][] = [];
  for (let from = 0; from < people.length; from += atOnce) {
    const some = people.slice(from, from + atOnce);
    consents.push(
      ...(await Promise.all(some.map(async (person) => [person, await host.consentOf(person, { signal })] as [string, Consent]))),
    );
  }
  return { conversations: new Map(listed.map(({ id, consent }) => [id, consent])), people: new Map(consents) };
}
