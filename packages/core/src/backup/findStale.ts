import { type ArchivePrimitives, inspectArchive, readArchive } from "@xmtp-backup/archive";
import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import { countEach } from "../ports/countEach.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { findDifferences } from "./findDifferences.ts";
import type { LastWhole } from "./findLastWhole.ts";
import { creationRanges } from "./rules/creationRanges.ts";
import { boundsOf } from "./rules/timeRanges.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** What an export of the latest time holds: its messages by conversation, and the conversations whose record it has. */
export type LatestPart = { messages: ReadonlyMap<string, number>; recordIds: ReadonlySet<string> };

/**
 * The times, up to the last archive's newest message, in which the client holds something else than that archive. These are messages that
 * came late or went, conversations that the archive lacks, and those whose own data changed.
 *
 * Undefined where an export of those times can't bring what is lacking, so that everything has to be exported.
 *
 * @param revisions - that of each conversation, before the export
 */
export async function findStale(
  host: Host,
  last: LastWhole,
  survey: ClientSurvey,
  revisions: ReadonlyMap<string, number>,
  latest: LatestPart,
  signal: AbortSignal,
): Promise<MessageRange[] | undefined> {
  const { details } = last.entry;
  if (isOneGone(details, survey)) return undefined;
  const created = createdOfChanged(details, survey, revisions, latest);
  if (!created) return undefined;
  const differing = await idsThatDiffer(host, details, survey, latest, signal);
  const counted = differing.length > 0 ? await differencesIn(host, last, survey, differing, signal) : [];
  // A message that a super admin deleted may count again, once they are none any more.
  const leftOut = (details.deletedMessages ?? []).filter(({ id }) => created.has(id)).flatMap(({ sentNs }) => sentNs);
  return [
    ...creationRanges([...created.values()]),
    ...counted,
    ...[...leftOut, ...(await unsentTimes(last, host, signal))].map((timeNs) => ({ startNs: timeNs - 1n, endNs: timeNs })),
    // The SDK could not export them then.
    ...(details.lacks?.ranges ?? []).map(boundsOf),
  ];
}

/** Whether the client lists a conversation no more, other than as one that it can't read. */
function isOneGone({ conversations }: ArchiveDetails, { ids, broken }: ClientSurvey): boolean {
  const known = new Set([...ids, ...broken.map(({ id }) => id)]);
  const unnamed = broken.filter(({ id }) => id === undefined).length;
  return conversations.filter(({ id }) => !known.has(id)).length > unnamed;
}

/** When the conversations were created whose record has to be exported again; undefined where that is not known of one. */
function createdOfChanged(
  { conversations }: ArchiveDetails,
  { createdAtNs, ids }: ClientSurvey,
  revisions: ReadonlyMap<string, number>,
  { recordIds }: LatestPart,
): Map<string, bigint> | undefined {
  const held = new Map(conversations.map((conversation) => [conversation.id, conversation]));
  const created = new Map<string, bigint>();
  for (const id of ids) {
    const before = held.get(id);
    const isSame = before !== undefined && revisions.get(id) === (before.revision ?? 0);
    if (isSame || recordIds.has(id)) continue;
    const timeNs = createdAtNs.get(id);
    if (timeNs === undefined) return undefined;
    created.set(id, timeNs);
  }
  return created;
}

/** What the archive holds of each conversation, stitched DMs together, with what it leaves out on purpose. */
function heldBy(details: ArchiveDetails, { stitched }: ClientSurvey): Map<string, number> {
  const held = new Map<string, number>();
  const add = (id: string, messages: number) => held.set(stitched.get(id) ?? id, (held.get(stitched.get(id) ?? id) ?? 0) + messages);
  for (const { id, messages } of details.conversations) add(id, messages);
  for (const { id, sentNs } of details.deletedMessages ?? []) add(id, sentNs.length);
  return held;
}

async function idsThatDiffer(
  host: Host,
  details: ArchiveDetails,
  survey: ClientSurvey,
  { messages }: LatestPart,
  signal: AbortSignal,
): Promise<string[]> {
  const held = heldBy(details, survey);
  const latest = new Map<string, number>();
  for (const [id, count] of messages) {
    const first = survey.stitched.get(id) ?? id;
    latest.set(first, (latest.get(first) ?? 0) + count);
  }
  const ids = new Set([...held.keys(), ...survey.counts.keys(), ...latest.keys()]);
  const suspects = [...ids].filter((id) => (survey.counts.get(id) ?? 0) !== (held.get(id) ?? 0) + (latest.get(id) ?? 0));
  // A message that came during the export is in one of the numbers only: up to the archive's end they are compared for sure.
  const counts = await countEach(host, suspects, { endNs: details.lastMessageNs as bigint }, { signal });
  return suspects.filter((id) => counts.get(id) !== (held.get(id) ?? 0));
}

async function differencesIn(
  host: Host,
  { entry: { details }, blob, key }: LastWhole,
  { stitched, uncountedIds }: ClientSurvey,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<MessageRange[]> {
  const { primitives } = host;
  const sentNs = await allSentTimes(blob, key, { signal, primitives });
  const held = new Map<string, bigint[]>(ids.map((id) => [id, []]));
  for (const [id, times] of sentNs) held.get(stitched.get(id) ?? id)?.push(...times);
  for (const { id, sentNs: leftOut } of details.deletedMessages ?? []) held.get(stitched.get(id) ?? id)?.push(...leftOut);
  const found: MessageRange[] = [];
  for (const [id, times] of held) {
    times.sort((a, b) => (a < b ? -1 : Number(a > b)));
    const untilNs = details.lastMessageNs as bigint;
    if (uncountedIds.has(id)) found.push(...rangeOf(times));
    else found.push(...(await findDifferences(host, id, times, untilNs, signal)));
  }
  return found;
}

function rangeOf(timesNs: readonly bigint[]): MessageRange[] {
  const [firstNs, lastNs] = [timesNs[0], timesNs.at(-1)];
  return firstNs === undefined || lastNs === undefined ? [] : [{ startNs: firstNs - 1n, endNs: lastNs }];
}

/** When those of its messages were written that had not been sent: they may be sent by now. */
async function unsentTimes({ entry, blob, key }: LastWhole, { primitives }: Host, signal: AbortSignal): Promise<bigint[]> {
  if (!entry.details.conversations.some(({ unsent = 0 }) => unsent > 0)) return [];
  const times: bigint[] = [];
  for await (const record of readArchive(blob, key, { signal, primitives })) {
    if (record.kind === "message" && record.message.deliveryStatus !== "published") times.push(record.message.sentAtNs);
  }
  return times;
}

/** When every message of an archive was sent, unsent and expired ones too, by conversation. */
async function allSentTimes(
  blob: Blob,
  key: Uint8Array,
  options: { signal: AbortSignal; primitives: ArchivePrimitives | undefined },
): Promise<Map<string, BigInt64Array>> {
  const inspected = await inspectArchive(blob, key, { ...options, unsent: "keep", nowNs: 0n });
  return inspected.sentTimes();
}
