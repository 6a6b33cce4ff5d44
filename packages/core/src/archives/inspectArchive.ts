import {
  type ArchiveConversationReport,
  type ArchiveDeletion,
  ArchiveError,
  type ArchiveInspection,
  type ArchivePrimitives,
  type ArchiveReport,
  breathe,
  dmPair,
  hashArchive,
  inspectArchive as readArchive,
} from "@xmtp-backup/archive";
import { BackupError } from "../errors/backupError.ts";
import type { ArchiveCounts, ArchiveDetails, ConversationCount } from "./archiveEntry.ts";
import type { ArchivedDecisions } from "./decisions.ts";
import type { ArchivedValues } from "./archivedValues.ts";
import { allElements } from "../ports/element.ts";
import type { ArchivePreview, PreviewConversation } from "./archivePreview.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import { archivedDecisions } from "./archivedDecisions.ts";
import { type ReadFailure, toBackupArchiveError } from "./toBackupArchiveError.ts";

export type InspectOptions = TransferOptions & {
  /** What the manifest says of the archive: other bytes are damage, and nothing of them is decoded. */
  expected?: Pick<ArchiveDetails, "sha256">;
  primitives?: ArchivePrimitives | undefined;
  /** What it means when the bytes can't be read. @default "HOST_FAILED" */
  readFailure?: ReadFailure | undefined;
  /** What a restore does with messages that were never sent. @default "leaveOut" */
  unsent?: "keep" | "leaveOut" | undefined;
  /** Deletions of archives that were restored before. @default none */
  deletions?: readonly ArchiveDeletion[] | undefined;
  /** The time by which messages have expired, in milliseconds since 1970. @default now */
  nowMs?: number | undefined;
};

/** What the bytes hold, whatever of it a restore leaves out: the same at any time and under any options. */
export type Held = { counts: ArchiveCounts; conversations: ConversationCount[] };

/** A verified archive: what a restore brings back, what the bytes hold, and the way to its chunks without verifying it again. */
export type InspectedArchive = {
  preview: ArchivePreview;
  held: Held;
  decisions: ArchivedDecisions;
  deletions: ArchiveDeletion[];
  /** The two inboxes of each DM that a restore brings back. */
  dmPairs: (readonly [string, string])[];
  records: number;
} & Pick<ArchiveInspection, "chunks" | "sentTimes">;

/**
 * Reads and authenticates every record of an archive and says what it holds.
 *
 * @throws ARCHIVE_EMPTY when there are no bytes
 * @throws ARCHIVE_FOREIGN when the bytes are not an archive
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version made it
 * @throws ARCHIVE_TRUNCATED when its end is missing
 * @throws ARCHIVE_DAMAGED when a record is not what was written
 * @throws ARCHIVE_KEY_OR_DAMAGE when nothing tells a wrong key from damage
 * @throws HOST_FAILED or STORE_UNAVAILABLE when the bytes can't be read whole, which says nothing of them
 * @throws KEY_WRONG when the bytes are intact and the key does not open them
 */
export async function inspectArchive(
  archive: Blob,
  key: Uint8Array,
  { signal, onProgress, expected, primitives, readFailure, unsent, deletions, nowMs }: InspectOptions = {},
): Promise<InspectedArchive> {
  if (archive.size === 0) throw new BackupError("ARCHIVE_EMPTY", "The archive is empty.");
  try {
    const { report, preview, ...read } = await readArchive(archive, key, {
      signal,
      primitives,
      onProgress: ({ doneBytes }) => onProgress?.(doneBytes),
      expectedSha256: expected?.sha256,
      unsent,
      deletions,
      ...(nowMs !== undefined && { nowNs: BigInt(Math.floor(nowMs)) * 1_000_000n }),
    });
    const described = await preview();
    // Of thousands of conversations, each step is a turn of the event loop.
    const inTurn = async <T>(step: () => T): Promise<T> => {
      await breathe();
      return step();
    };
    return {
      preview: await inTurn(() => toPreview(report, described)),
      held: await inTurn(() => heldIn(report)),
      decisions: await inTurn(() => archivedDecisions(described, read.decisions())),
      deletions: read.deletions(),
      dmPairs: await inTurn(() => dmPairsOf(described)),
      records: report.recordCount,
      chunks: read.chunks,
      sentTimes: read.sentTimes,
    };
  } catch (error) {
    signal?.throwIfAborted();
    const refusal = toBackupArchiveError(error, readFailure);
    if (!expected || !isFound(error)) throw refusal;
    // Read once more whole: other bytes are damage, and an unreadable file is a failure of the store.
    const sha256 = await hashArchive(archive, { signal, primitives }).catch((reason: unknown) => {
      signal?.throwIfAborted();
      throw toBackupArchiveError(reason, readFailure);
    });
    if (sha256 === expected.sha256) throw refusal;
    throw new BackupError("ARCHIVE_DAMAGED", "The archive's bytes are not the ones that were stored.", { cause: error });
  }
}

/** Whether something was found in the bytes, rather than that they could not be read. */
function isFound(error: unknown): boolean {
  return ArchiveError.is(error) && error.code !== "ARCHIVE_UNREADABLE";
}

type Described = Awaited<ReturnType<ArchiveInspection["preview"]>>;

/** Of conversations of either kind: a record names both inboxes where it is a DM's. */
function dmPairsOf({ conversations }: Described): InspectedArchive["dmPairs"] {
  return conversations.flatMap(({ memberInboxIds }) => {
    const pair = dmPair(["dm", ...memberInboxIds].join(":"));
    return pair ? [pair] : [];
  });
}

function heldIn({ importable, counts, conversations }: ArchiveReport): Held {
  return {
    counts: { ...importable, consentRecords: counts.consent },
    conversations: conversations.map(({ id, messageCount, disappears, unsent }) => ({
      id,
      messages: messageCount,
      ...(disappears && { disappears }),
      ...(unsent && { unsent }),
    })),
  };
}

function toPreview(report: ArchiveReport, { conversations: described, messages, leftOut, unsentMessages }: Described): ArchivePreview {
  const { metadata, counts } = report;
  const byId = new Map(described.map((conversation) => [conversation.id, conversation]));
  const conversations = report.conversations.flatMap((conversation) => {
    const shown = byId.get(conversation.id);
    return shown ? [toConversation(conversation, shown)] : [];
  });
  return {
    exportedAtNs: metadata.exportedAtNs,
    elements: allElements.filter((element) => metadata.elements.includes(element)),
    ...(metadata.startNs !== undefined && { startNs: metadata.startNs }),
    ...(metadata.endNs !== undefined && { endNs: metadata.endNs }),
    sizeBytes: report.sizeBytes,
    sha256: report.sha256,
    counts: { conversations: conversations.length, messages, consentRecords: counts.consent },
    leftOut,
    unsentMessages,
    ...(report.firstMessageNs !== undefined && { firstMessageNs: report.firstMessageNs }),
    ...(report.lastMessageNs !== undefined && { lastMessageNs: report.lastMessageNs }),
    orphanMessages: report.orphanMessages,
    unimportableRecords: report.unimportableRecords,
    conversations,
  };
}

function toConversation(
  { id, type, disappears, firstMessageNs, lastMessageNs }: ArchiveConversationReport,
  {
    name,
    consent,
    messageCount,
    memberInboxIds = [],
    hasLeft = false,
    isPlaceholder = false,
    ...described
  }: Described["conversations"][number],
): PreviewConversation {
  return {
    id,
    kind: type === "dm" ? "dm" : "group",
    messages: messageCount,
    ...(disappears && { disappears }),
    ...(name !== "" && { name }),
    ...(type === "dm" && { memberInboxIds }),
    ...(hasLeft && { hasLeft }),
    ...(!isPlaceholder && valuesOf(described)),
    ...((consent === "allowed" || consent === "denied") && { consent }),
    ...(firstMessageNs !== undefined && { firstMessageNs }),
    ...(lastMessageNs !== undefined && { lastMessageNs }),
  };
}

/** What an import replaces. */
function valuesOf({
  createdAtNs,
  creatorInboxId,
  addedByInboxId = "",
  adminInboxIds = [],
  superAdminInboxIds = [],
}: Partial<ArchivedValues> & Pick<ArchivedValues, "createdAtNs">): ArchivedValues {
  return { createdAtNs, ...(creatorInboxId !== undefined && { creatorInboxId }), addedByInboxId, adminInboxIds, superAdminInboxIds };
}
