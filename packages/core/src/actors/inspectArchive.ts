import { type ArchiveConversationReport, type ArchiveInspection, type ArchivePrimitives, type ArchiveReport, type ArchiveWorkOptions, hashArchive, inspectArchive as readArchive } from "@xmtp-backup/archive";
import { BackupError } from "../errors/backupError.ts";
import type { ArchiveDetails } from "../model/archiveEntry.ts";
import { allElements } from "../model/element.ts";
import type { ArchivePreview, PreviewConversation } from "../model/restore.ts";
import type { TransferOptions } from "../ports/callOptions.ts";
import { toBackupArchiveError } from "./toBackupArchiveError.ts";

export type InspectOptions = TransferOptions & {
  /** What the manifest says of the archive: it tells damage from a wrong key. */
  expected?: Pick<ArchiveDetails, "sha256">;
  primitives?: ArchivePrimitives | undefined;
};

/** A verified archive: what it holds, and the way to its chunks without verifying it again. */
export type InspectedArchive = { preview: ArchivePreview; records: number } & Pick<ArchiveInspection, "chunks">;

/**
 * Reads and authenticates every record of an archive and says what it holds.
 *
 * @throws ARCHIVE_EMPTY when there are no bytes
 * @throws ARCHIVE_FOREIGN when the bytes are not an archive
 * @throws ARCHIVE_VERSION_UNSUPPORTED when a newer version made it
 * @throws ARCHIVE_TRUNCATED when its end is missing
 * @throws ARCHIVE_DAMAGED when a record is not what was written
 * @throws ARCHIVE_KEY_OR_DAMAGE when nothing tells a wrong key from damage
 * @throws KEY_WRONG when the bytes are intact and the key does not open them
 */
export async function inspectArchive(
  archive: Blob,
  key: Uint8Array,
  { signal, onProgress, expected, primitives }: InspectOptions = {},
): Promise<InspectedArchive> {
  if (archive.size === 0) throw new BackupError("ARCHIVE_EMPTY", "The archive is empty.");
  try {
    const { report, preview, chunks } = await readArchive(archive, key, {
      signal,
      primitives,
      onProgress: ({ doneBytes }) => onProgress?.(doneBytes),
      expectedSha256: expected?.sha256,
    });
    return { preview: toPreview(report, byId(await preview())), records: report.recordCount, chunks };
  } catch (error) {
    signal?.throwIfAborted();
    if (expected && (await isOther(archive, expected.sha256, { signal, primitives }))) {
      throw new BackupError("ARCHIVE_DAMAGED", "The archive's bytes are not the ones that were stored.", { cause: error });
    }
    throw toBackupArchiveError(error);
  }
}

/** Whether the bytes can be read and are others: then whatever is wrong with them is damage. */
async function isOther(archive: Blob, sha256: string, options: ArchiveWorkOptions): Promise<boolean> {
  const found = await hashArchive(archive, options).catch(() => undefined);
  return found !== undefined && found !== sha256;
}

type Described = Awaited<ReturnType<ArchiveInspection["preview"]>>["conversations"][number];

function byId({ conversations }: Awaited<ReturnType<ArchiveInspection["preview"]>>): Map<string, Described> {
  return new Map(conversations.map((conversation) => [conversation.id, conversation]));
}

function toPreview(report: ArchiveReport, described: ReadonlyMap<string, Described>): ArchivePreview {
  const { metadata, importable, counts } = report;
  const conversations = report.conversations.map((conversation) => toConversation(conversation, described.get(conversation.id)));
  return {
    exportedAtNs: metadata.exportedAtNs,
    elements: allElements.filter((element) => metadata.elements.includes(element)),
    ...(metadata.startNs !== undefined && { startNs: metadata.startNs }),
    ...(metadata.endNs !== undefined && { endNs: metadata.endNs }),
    sizeBytes: report.sizeBytes,
    sha256: report.sha256,
    counts: { conversations: importable.conversations, messages: importable.messages, consentRecords: counts.consent },
    ...(report.firstMessageNs !== undefined && { firstMessageNs: report.firstMessageNs }),
    ...(report.lastMessageNs !== undefined && { lastMessageNs: report.lastMessageNs }),
    orphanMessages: report.orphanMessages,
    conversations,
  };
}

function toConversation(
  { id, type, messageCount, disappears, firstMessageNs, lastMessageNs }: ArchiveConversationReport,
  { name = "", consent = "unknown" }: Partial<Described> = {},
): PreviewConversation {
  return {
    id,
    kind: type === "dm" ? "dm" : "group",
    messages: messageCount,
    ...(disappears && { disappears }),
    ...(name !== "" && { name }),
    ...((consent === "allowed" || consent === "denied") && { consent }),
    ...(firstMessageNs !== undefined && { firstMessageNs }),
    ...(lastMessageNs !== undefined && { lastMessageNs }),
  };
}
