import type { ArchiveReport } from "@xmtp-backup/archive";
import { countEach } from "../ports/countEach.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { boundsOf } from "./rules/timeRanges.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** A slice that was exported before, and what it says that it holds. */
export type EarlierSlice = { index: number; range: MessageRange; report: ArchiveReport };

/**
 * Those of some slices whose messages the client still counts the same, conversation by conversation. So a message that came late, or is
 * gone, has its slice exported again.
 *
 * Slices beside each other are counted together, and apart where something differs.
 */
export async function findUnchanged<T extends EarlierSlice>(
  host: Host,
  slices: readonly T[],
  survey: ClientSurvey,
  signal: AbortSignal,
): Promise<T[]> {
  async function agreeing(row: readonly T[]): Promise<readonly T[]> {
    if (row.length === 0 || (await isSame(host, row, survey, signal))) return row;
    if (row.length === 1) return [];
    const middle = Math.ceil(row.length / 2);
    return [...(await agreeing(row.slice(0, middle))), ...(await agreeing(row.slice(middle)))];
  }
  const found: T[] = [];
  for (const row of rowsOf(slices)) found.push(...(await agreeing(row)));
  return found;
}

/** Slices that follow one another without a gap. */
function rowsOf<T extends EarlierSlice>(slices: readonly T[]): T[][] {
  const rows: T[][] = [];
  for (const slice of [...slices].sort((a, b) => a.index - b.index)) {
    const row = rows.at(-1);
    if (row && row.at(-1)?.index === slice.index - 1) row.push(slice);
    else rows.push([slice]);
  }
  return rows;
}

async function isSame(host: Host, row: readonly EarlierSlice[], { counts, stitched }: ClientSurvey, signal: AbortSignal): Promise<boolean> {
  const held = new Map<string, number>();
  for (const { report } of row) {
    for (const { id, messageCount } of [...report.conversations, ...report.orphans]) {
      const first = stitched.get(id) ?? id;
      held.set(first, (held.get(first) ?? 0) + messageCount);
    }
  }
  const range = boundsOf({ startNs: row[0]?.range.startNs, endNs: row.at(-1)?.range.endNs });
  let isCounted = true;
  const counted = await countEach(host, [...counts.keys()], range, { signal, onFailed: () => (isCounted = false) });
  const ids = new Set([...counted.keys(), ...held.keys()]);
  return isCounted && [...ids].every((id) => (counted.get(id) ?? 0) === (held.get(id) ?? 0));
}
