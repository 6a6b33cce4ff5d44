import type { ActivationMemory } from "../activation/rules/activationMemory.ts";
import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import type { InspectedArchive } from "../archives/inspectArchive.ts";
import { allElements } from "../ports/element.ts";
import type { HostIdentity } from "../ports/host.ts";
import { archiveLacks } from "./archiveLacks.ts";
import type { BackupOptions } from "./backupOptions.ts";
import type { ClientExport } from "./exportClient.ts";
import { comparedWith, laterIn, revisionIn } from "./rules/comparison.ts";
import { countLater, cutOf } from "./rules/cutOf.ts";
import { removedFrom } from "./rules/removedFrom.ts";
import type { SentTimes } from "./rules/sentTimes.ts";
import { boundsOf } from "./rules/timeRanges.ts";

/** What is known of a backup once its archive was read through. */
export type BackupFacts = {
  options: BackupOptions;
  identity: HostIdentity;
  appVersion: string | undefined;
  /** Of the inbox; undefined where the network did not say. */
  installationIds: readonly string[] | undefined;
  tracked: ActivationMemory;
  exported: Pick<ClientExport, "survey" | "shortfall" | "comparison" | "reused">;
  inspected: Pick<InspectedArchive, "preview" | "held" | "records">;
  createdAtMs: number;
  /** When the messages of each conversation were sent; empty where no backup builds on this one. */
  sentTimes: ReadonlyMap<string, BigInt64Array>;
  /** Messages that were deleted for everyone, and that the archive leaves out on purpose. */
  deleted: SentTimes;
};

/** What the manifest of a backup says of its archive, before the store has confirmed it. */
export function backupDetails({
  options,
  identity,
  appVersion,
  installationIds,
  tracked,
  exported,
  inspected,
  createdAtMs,
  sentTimes,
  deleted,
}: BackupFacts): ArchiveDetails {
  const { name, elements = allElements, excludeDisappearingMessages = false, trigger = "manual" } = options;
  const { survey, shortfall, comparison, reused } = exported;
  const { preview, held, records } = inspected;
  const { firstMessageNs, lastMessageNs, sha256 } = preview;
  const cutNs = comparison && lastMessageNs !== undefined ? cutOf(createdAtMs, lastMessageNs) : undefined;
  const later = cutNs === undefined ? undefined : countLater(sentTimes, cutNs);
  const isRevoked = installationIds !== undefined && !installationIds.includes(identity.installationId);
  const isMember = installationIds !== undefined && !isRevoked;
  const removed = isRevoked ? new Set<string>() : removedFrom(survey.inactiveIds, tracked, isMember);
  // docs/sdk-facts.md#restored-membership-state
  const left = new Set([...tracked.conversations, ...preview.conversations].filter(({ hasLeft }) => hasLeft).map(({ id }) => id));
  return {
    ...(name && { name }),
    ...identity,
    elements: [...elements],
    ...boundsOf(options),
    counts: held.counts,
    conversations: held.conversations.map((conversation) => ({
      ...conversation,
      ...(removed.has(conversation.id) && { wasRemoved: true }),
      ...(left.has(conversation.id) && { hasLeft: true }),
      ...laterIn(later, conversation.id),
      ...revisionIn(comparison, conversation.id),
    })),
    ...(firstMessageNs !== undefined && { firstMessageNs }),
    ...(lastMessageNs !== undefined && { lastMessageNs }),
    sha256,
    records,
    ...archiveLacks({ survey, shortfall, archived: held.conversations, deleted, isPartByChoice: excludeDisappearingMessages }),
    ...(cutNs !== undefined && { cutNs }),
    ...comparedWith(comparison, deleted),
    ...(reused && { updatedFrom: reused.id }),
    ...(excludeDisappearingMessages && { withoutDisappearing: true }),
    ...(isRevoked && { madeByRevoked: true }),
    trigger,
    ...(appVersion !== undefined && { appVersion }),
  };
}
