import { mergeArchives } from "@xmtp-backup/archive";
import type { ArchiveDetails, ConversationCount, Increment } from "../archives/archiveEntry.ts";
import { type InspectedArchive, inspectArchive } from "../archives/inspectArchive.ts";
import { joinPoint } from "../archives/joinPoint.ts";
import { changedConversations } from "../archives/joinChains.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host, TemporaryArchive } from "../ports/host.ts";
import type { ClientExport } from "./exportClient.ts";
import type { MergeSlicesOptions } from "./mergeSlices.ts";
import type { ReusedArchive } from "./reusedArchive.ts";
import type { SentTimes } from "./rules/sentTimes.ts";

/** An increment as it is stored, and the restore point that it makes. */
export type CheckedIncrement = {
  /** What a restore of the point reads. */
  point: InspectedArchive;
  sha256: string;
  records: number;
  increment: Increment;
  /** Messages of the point that are left out, since somebody deleted them for everyone. */
  deleted: SentTimes;
};

/**
 * Merges what was exported since the last archive into one archive of its own. The records of conversations that it holds messages of
 * come from the last archive, where the exports have none. So it can be read alone.
 */
export async function mergeIncrement(
  host: Host,
  { slices, sliceKey }: Pick<ClientExport, "slices" | "sliceKey">,
  base: ReusedArchive,
  key: Uint8Array,
  { signal, restoredValues, deletions }: Omit<MergeSlicesOptions, "report">,
): Promise<{ archive: TemporaryArchive; deleted: SentTimes }> {
  const recordsAlone = { consent: true, sentIn: [{}], emptyConversations: true };
  const last = { blob: base.blob, key: base.key, expectedSha256: base.sha256, except: recordsAlone };
  const inputs = [...slices.map(({ blob }) => ({ blob, key: sliceKey })), last];
  const { primitives } = host;
  const options = { leaveOutDeleted: true, leaveOutRefused: true, restoredValues, deletions };
  const { stream, report } = await mergeArchives(inputs, key, { signal, primitives, ...options });
  const deleted = new Map(report.deleted.map(({ id, sentNs }) => [id, sentNs]));
  return { archive: await host.spool(stream, { signal }), deleted };
}

/**
 * Checks an increment as a restore would read it: joined with all that it is based on.
 *
 * @throws ARCHIVE_DAMAGED when an archive that it is based on is not the one that was stored
 */
export async function checkIncrement(
  host: Host,
  archive: Blob,
  key: Uint8Array,
  { chain, except }: ReusedArchive,
  { signal, onProgress }: CallOptions & { onProgress?(doneBytes: number): void },
): Promise<CheckedIncrement> {
  const { primitives } = host;
  const options = { signal, primitives, unsent: "keep", nowMs: 0 } as const;
  const own = await inspectArchive(archive, key, options);
  const base = chain.at(-1)?.entry;
  const { consent, sentIn, butOf } = except;
  const increment: Increment = {
    baseId: base?.id ?? "",
    baseSha256: base?.details.sha256 ?? "",
    chainLength: chain.length,
    replaces: sentIn,
    ...(butOf && butOf.size > 0 && { butOf: [...butOf] }),
    ...(consent && { replacesConsent: true }),
  };
  const { sha256 } = own.preview;
  const parts = [
    ...chain.map(({ entry: { id, details }, blob }) => ({ id, details, blob })),
    { id: "", details: { sha256, increment }, blob: archive },
  ];
  const joined = await joinPoint(host, parts, key, { signal, ...(onProgress && { onProgress }) });
  try {
    const point = await inspectArchive(joined.archive.blob, joined.key, options);
    const sentTimes = await point.sentTimes();
    return { point: { ...point, sentTimes: async () => sentTimes }, sha256, records: own.records, increment, deleted: joined.deleted };
  } finally {
    joined.key.fill(0);
    await joined.archive.release();
  }
}

/** The details of a restore point as the manifest of its increment has them: only the conversations that changed. */
export function incrementDetails(
  details: ArchiveDetails,
  { sha256, records, increment }: Pick<CheckedIncrement, "sha256" | "records" | "increment">,
  baseConversations: readonly ConversationCount[],
): ArchiveDetails {
  // The base is needed still.
  const { updatedFrom: _updatedFrom, ...others } = details;
  const conversations = changedConversations({ conversations: [...baseConversations] }, details.conversations);
  return { ...others, conversations, sha256, records, increment };
}
