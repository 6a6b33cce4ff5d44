import type { ArchiveReport } from "@xmtp-backup/archive";
import { countEach } from "../ports/countEach.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { boundsOf } from "./rules/timeRanges.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** A slice that was exported before, and what it says that it holds. */
export type EarlierSlice = { range: MessageRange; report: ArchiveReport };

/**
 * Those of some slices whose messages the client still counts the same, conversation by conversation. So a message that came late, or is
 * gone, has its slice exported again.
 *
 * Each slice is counted apart: over several together, a message that went would hide one that came.
 */
export async function findUnchanged<T extends EarlierSlice>(
  host: Host,
  slices: readonly T[],
  survey: ClientSurvey,
  signal: AbortSignal,
): Promise<T[]> {
  const found: T[] = [];
  for (const slice of slices) if (await isUnchanged(host, slice, survey, signal)) found.push(slice);
  return found;
}

/** Neither does the client hold another number of messages of some conversation there, nor one that is newer than those of the slice. */
async function isUnchanged(host: Host, { range, report }: EarlierSlice, survey: ClientSurvey, signal: AbortSignal): Promise<boolean> {
  const counted = await countIn(host, range, survey, signal);
  const held = heldBy(report, survey);
  const ids = new Set([...(counted?.keys() ?? []), ...held.keys()]);
  if (!counted || ![...ids].every((id) => (counted.get(id) ?? 0) === (held.get(id) ?? 0))) return false;
  const later = await countIn(host, boundsOf({ startNs: newestIn(report) ?? range.startNs, endNs: range.endNs }), survey, signal);
  return later !== undefined && [...later.values()].every((messages) => messages === 0);
}

/** Messages of each conversation in a range; undefined where one can't be counted. */
async function countIn(
  host: Host,
  range: MessageRange,
  { counts }: ClientSurvey,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number> | undefined> {
  let isCounted = true;
  const counted = await countEach(host, [...counts.keys()], range, { signal, onFailed: () => (isCounted = false) });
  return isCounted ? counted : undefined;
}

/** Messages of each conversation in a slice, those of stitched DMs together. */
function heldBy({ conversations, orphans }: ArchiveReport, { stitched }: ClientSurvey): Map<string, number> {
  const held = new Map<string, number>();
  for (const { id, messageCount } of [...conversations, ...orphans]) {
    const first = stitched.get(id) ?? id;
    held.set(first, (held.get(first) ?? 0) + messageCount);
  }
  return held;
}

/** When the newest message of a slice was sent, orphans too. */
function newestIn({ conversations, orphans }: ArchiveReport): bigint | undefined {
  const times = [...conversations, ...orphans].flatMap(({ lastMessageNs }) => lastMessageNs ?? []);
  return times.reduce<bigint | undefined>((newest, timeNs) => (newest === undefined || timeNs > newest ? timeNs : newest), undefined);
}
