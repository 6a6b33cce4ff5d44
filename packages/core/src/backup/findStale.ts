import { type ArchivePrimitives, inspectArchive } from "@xmtp-backup/archive";
import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import { countEach } from "../ports/countEach.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { type CountBudget, findDifferences } from "./findDifferences.ts";
import type { LastWhole } from "./findLastWhole.ts";
import { changedIds } from "./rules/changedIds.ts";
import { creationRanges } from "./rules/creationRanges.ts";
import { boundsOf } from "./rules/timeRanges.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** How many counts are worth it, beside those of every conversation, before everything is exported. */
const fewestCounts = 2_000;
/** How many conversations are compared side by side. */
const atOnce = 8;

/** What an export of the latest time holds: its messages by conversation, and the conversations whose record it has. */
export type LatestPart = { messages: ReadonlyMap<string, number>; recordIds: ReadonlySet<string> };

export type Stale = {
  ranges: MessageRange[];
  /** The conversations whose record these ranges are to bring. */
  recordIds: ReadonlySet<string>;
};

/**
 * The times, up to the last archive's cut, in which the client holds something else than that archive. These are messages that came late
 * or went, conversations that the archive lacks, and those whose own data changed.
 *
 * Undefined where an export of those times can't bring what is lacking, or to find them costs more than to export everything.
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
): Promise<Stale | undefined> {
  const { details } = last.entry;
  // A comparison needs the counts of all, and the names of those that are broken.
  if (survey.uncountedIds.size > 0 || survey.broken.some(({ id }) => id === undefined) || isOneGone(details, survey)) return undefined;
  const changed = changedIds(details, survey.ids, revisions);
  const toBring = changed.filter((id) => !latest.recordIds.has(id));
  const created = toBring.map((id) => survey.createdAtNs.get(id));
  if (created.includes(undefined)) return undefined;
  const differing = await idsThatDiffer(host, details, survey, latest, signal);
  const counted = await differencesIn(host, last, survey, differing, signal);
  if (!counted) return undefined;
  // A message that a super admin deleted may count again, once they are none any more.
  const deletedNs = (details.deletedMessages ?? []).filter(({ id }) => changed.includes(id)).flatMap(({ sentNs }) => sentNs);
  const ranges = [
    ...creationRanges(created as bigint[]),
    ...counted,
    ...deletedNs.map((timeNs) => ({ startNs: timeNs - 1n, endNs: timeNs })),
    // The SDK could not export them then.
    ...(details.lacks?.ranges ?? []).map(boundsOf),
  ];
  return { ranges, recordIds: new Set(toBring) };
}

/** Whether the client lists a conversation no more, other than as one that it can't read. */
function isOneGone({ conversations }: ArchiveDetails, { ids, broken }: ClientSurvey): boolean {
  const known = new Set([...ids, ...broken.map(({ id }) => id)]);
  return conversations.some(({ id }) => !known.has(id));
}

/** What the archive holds of each conversation up to its cut, stitched DMs together, with what it leaves out on purpose. */
function heldBy({ conversations, deletedMessages = [], cutNs = 0n }: ArchiveDetails, { stitched }: ClientSurvey): Map<string, number> {
  const held = new Map<string, number>();
  const add = (id: string, messages: number) => held.set(stitched.get(id) ?? id, (held.get(stitched.get(id) ?? id) ?? 0) + messages);
  for (const { id, messages, later = 0 } of conversations) add(id, messages - later);
  for (const { id, sentNs } of deletedMessages) add(id, sentNs.filter((timeNs) => timeNs <= cutNs).length);
  return held;
}

/**
 * The conversations, the first of stitched DMs, of which the client counts another number up to the cut. One with messages that were not
 * sent differs at any rate: they may be sent by now.
 */
async function idsThatDiffer(
  host: Host,
  details: ArchiveDetails,
  survey: ClientSurvey,
  { messages }: LatestPart,
  signal: AbortSignal,
): Promise<string[]> {
  const first = (id: string) => survey.stitched.get(id) ?? id;
  const broken = new Set(survey.broken.map(({ id }) => id));
  const held = heldBy(details, survey);
  const unsent = new Set(details.conversations.filter(({ unsent: count = 0 }) => count > 0).map(({ id }) => first(id)));
  const active = new Set([...messages.keys()].map(first));
  // The numbers of all times are from before the export. A message that came during it may stand for one that came late.
  const suspects = [...new Set([...held.keys(), ...survey.counts.keys(), ...active])].filter(
    (id) => !broken.has(id) && !unsent.has(id) && (active.has(id) || (survey.counts.get(id) ?? 0) !== (held.get(id) ?? 0)),
  );
  const counts = await countEach(host, suspects, { endNs: details.cutNs as bigint }, { signal });
  return [...unsent, ...suspects.filter((id) => counts.get(id) !== (held.get(id) ?? 0))];
}

/** Undefined where the counts cost more than an export of everything. */
async function differencesIn(
  host: Host,
  { entry: { details }, blob, key }: LastWhole,
  { stitched, ids: all }: ClientSurvey,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<MessageRange[] | undefined> {
  if (ids.length === 0) return [];
  const { primitives } = host;
  const cutNs = details.cutNs as bigint;
  const sentNs = await sentTimesIn(blob, key, { signal, primitives });
  const held = new Map<string, bigint[]>(ids.map((id) => [id, []]));
  for (const [id, times] of sentNs) held.get(stitched.get(id) ?? id)?.push(...times);
  for (const { id, sentNs: deletedNs } of details.deletedMessages ?? []) held.get(stitched.get(id) ?? id)?.push(...deletedNs);

  const found: MessageRange[] = [];
  const budget: CountBudget = { left: Math.max(fewestCounts, 4 * all.length) };
  const queue = [...held];
  const work = async () => {
    for (let next = queue.shift(); next && budget.left > 0; next = queue.shift()) {
      const [id, times] = next;
      times.sort((a, b) => (a < b ? -1 : Number(a > b)));
      found.push(...(await findDifferences(host, id, times, cutNs, budget, signal)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return budget.left > 0 ? found : undefined;
}

/** When every sent message of an archive was sent, by conversation; expired ones too. */
async function sentTimesIn(
  blob: Blob,
  key: Uint8Array,
  options: { signal: AbortSignal; primitives: ArchivePrimitives | undefined },
): Promise<Map<string, BigInt64Array>> {
  const inspected = await inspectArchive(blob, key, { ...options, nowNs: 0n });
  return inspected.sentTimes();
}
