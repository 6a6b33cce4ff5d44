import type { ArchiveConsent, ArchivePreview } from "@xmtp-backup/archive";
import type { Consent } from "../ports/hostConversation.ts";
import { type ArchivedDecision, type ArchivedDecisions, weakly } from "./decisions.ts";

/**
 * What an archive says that the user decided.
 *
 * A conversation without a record (docs/sdk-facts.md#undecided-has-no-record) is unknown, unless it is one of several DMs
 * with a person: it counts as the others do. An archive without consent gives what an import sets.
 */
export function archivedDecisions(
  { metadata, conversations }: Pick<ArchivePreview, "metadata" | "conversations">,
  decisions: readonly ArchiveConsent[],
): ArchivedDecisions {
  const decided = { conversations: new Map<string, ArchivedDecision>(), people: new Map<string, ArchivedDecision>() };
  const { exportedAtNs } = metadata;
  if (!metadata.elements.includes("consent")) {
    for (const { id, type } of conversations)
      decided.conversations.set(id, { consent: type === "dm" ? "allowed" : "unknown", exportedAtNs: weakly.imported });
    return decided;
  }
  const consentedAt = new Map<string, bigint>();
  for (const { entityType, entity, state, consentedAtNs } of decisions) {
    const about = entityType === "conversationId" ? decided.conversations : entityType === "inboxId" ? decided.people : undefined;
    about?.set(entity, { consent: consentOf(state), exportedAtNs });
    if (about === decided.conversations) consentedAt.set(entity, consentedAtNs);
  }
  const ofPair = new Map<string, { decision: ArchivedDecision; atNs: bigint }>();
  for (const { id, memberInboxIds } of conversations) {
    const decision = decided.conversations.get(id);
    const atNs = consentedAt.get(id) ?? 0n;
    const pair = memberInboxIds.join(":");
    if (pair !== "" && decision !== undefined && atNs >= (ofPair.get(pair)?.atNs ?? 0n)) ofPair.set(pair, { decision, atNs });
  }
  for (const { id, memberInboxIds } of conversations) {
    const undecided = { consent: "unknown", exportedAtNs: weakly.undecided } as const;
    if (!decided.conversations.has(id)) decided.conversations.set(id, ofPair.get(memberInboxIds.join(":"))?.decision ?? undecided);
  }
  return decided;
}

/** The same decisions, of another inbox: no more than a hint beside any of the user's own. */
export function ofOtherInbox({ conversations, people }: ArchivedDecisions): ArchivedDecisions {
  return { conversations: weaken(conversations), people: weaken(people) };
}

function weaken(decided: ReadonlyMap<string, ArchivedDecision>): Map<string, ArchivedDecision> {
  const { otherInbox } = weakly;
  return new Map(
    [...decided].map(([id, { consent, exportedAtNs }]) => [
      id,
      { consent, exportedAtNs: exportedAtNs < otherInbox ? exportedAtNs : otherInbox },
    ]),
  );
}

function consentOf(state: ArchiveConsent["state"]): Consent {
  return state === "allowed" || state === "denied" ? state : "unknown";
}
