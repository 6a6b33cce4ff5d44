import type { ArchiveConsent, ArchivePreview } from "@xmtp-backup/archive";
import type { Consent } from "../model/conversation.ts";
import type { ArchivedDecisions } from "../model/decisions.ts";

/**
 * What an archive says that the user decided.
 *
 * The SDK has no record of what the user never decided about. So a conversation without one is unknown, unless it is one of several DMs
 * with a person: it counts as the others do. An archive without consent gives what the SDK makes of it, and is older than any other.
 */
export function archivedDecisions({ metadata, conversations }: Pick<ArchivePreview, "metadata" | "conversations">, decisions: readonly ArchiveConsent[]): ArchivedDecisions {
  const decided = { conversations: new Map<string, Consent>(), people: new Map<string, Consent>() };
  const { exportedAtNs } = metadata;
  if (!metadata.elements.includes("consent")) {
    const made = conversations.map(({ id, type }) => [id, type === "dm" ? "allowed" : "unknown"] as const);
    return { exportedAtNs: -1n, conversations: new Map(made), people: decided.people };
  }
  const consentedAt = new Map<string, bigint>();
  for (const { entityType, entity, state, consentedAtNs } of decisions) {
    const about = entityType === "conversationId" ? decided.conversations : entityType === "inboxId" ? decided.people : undefined;
    about?.set(entity, consentOf(state));
    if (about === decided.conversations) consentedAt.set(entity, consentedAtNs);
  }
  const ofPair = new Map<string, { consent: Consent; atNs: bigint }>();
  for (const { id, memberInboxIds } of conversations) {
    const consent = decided.conversations.get(id);
    const atNs = consentedAt.get(id) ?? 0n;
    const pair = memberInboxIds.join(":");
    if (pair !== "" && consent !== undefined && atNs >= (ofPair.get(pair)?.atNs ?? 0n)) ofPair.set(pair, { consent, atNs });
  }
  for (const { id, memberInboxIds } of conversations) {
    if (!decided.conversations.has(id)) decided.conversations.set(id, ofPair.get(memberInboxIds.join(":"))?.consent ?? "unknown");
  }
  return { exportedAtNs, ...decided };
}

function consentOf(state: ArchiveConsent["state"]): Consent {
  return state === "allowed" || state === "denied" ? state : "unknown";
}
