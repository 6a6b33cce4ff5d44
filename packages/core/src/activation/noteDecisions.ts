import type { ArchivedDecision, ArchivedDecisions } from "../archives/decisions.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host } from "../ports/host.ts";
import { type HeldDecision, type HeldDecisions, planDecisions } from "./rules/heldDecisions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { readDecisions, writeDecisions } from "./decisionsNote.ts";
import { presentDecisions } from "./presentDecisions.ts";

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
  { host, journal }: Pick<Dependencies, "host" | "journal">,
  archived: ArchivedDecisions,
  { peers, welcomed }: Brought,
  { signal }: CallOptions,
): Promise<HeldDecisions> {
  const held = await readDecisions(journal, { signal });
  const ids = new Set([...held.conversations.keys(), ...archived.conversations.keys()]);
  const people = new Set([...held.people.keys(), ...archived.people.keys()]);
  const present = await presentDecisions(host, [...ids], [...people], { signal });
  const coming = new Map([...peers].filter(([id]) => !present.conversations.has(id)));
  const denied = await deniedHere(host, held, archived, new Set(coming.values()), { signal });
  const asOthers = [...coming].flatMap(([id, peer]) => (denied.has(peer) ? [[id, "denied"] as const] : []));
  const conversations = new Map([...present.conversations, ...asOthers]);
  const planned = planDecisions(held, archived, { ...present, conversations }, welcomed);
  await writeDecisions(journal, planned, { signal });
  return planned;
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
