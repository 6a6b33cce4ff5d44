import type { ArchiveDetails } from "../archives/archiveEntry.ts";
import { countEach } from "../ports/countEach.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import { changedIds } from "./rules/changedIds.ts";
import { largestCrowd } from "./rules/largestCrowd.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** Of fewer records an export is as quick as the counts that would spare it. */
const fewestRecords = 200;
/** An export of a record costs the SDK as much as so many counts do. */
const countsPerRecord = 4;

/**
 * A time after the cut in which many conversations came, whose records the last archive holds as they are, and in which nothing was sent.
 * A restore leaves such a time: all that it brings counts as created then. An export of it would write each of these records again.
 *
 * Undefined where there is none that is worth it, or one conversation can't be counted.
 *
 * @param revisions - that of each conversation, before the export
 */
export async function findKnownRecords(
  host: Host,
  details: ArchiveDetails,
  { ids, stitched, createdAtNs, broken, uncountedIds }: ClientSurvey,
  revisions: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<Required<MessageRange> | undefined> {
  if (broken.length + uncountedIds.size > 0) return undefined;
  const changed = new Set(changedIds(details, ids, revisions));
  const cutNs = details.cutNs as bigint;
  const later = ids.flatMap((id) => (changed.has(id) ? [] : (createdAtNs.get(id) ?? []))).filter((timeNs) => timeNs > cutNs);
  const crowd = largestCrowd(later);
  const [firstNs, lastNs] = [crowd[0], crowd.at(-1)];
  if (firstNs === undefined || lastNs === undefined) return undefined;
  if (crowd.length < fewestRecords || crowd.length * countsPerRecord < ids.length) return undefined;
  const range = { startNs: firstNs - 1n, endNs: lastNs };
  let isQuiet = true;
  const counted = ids.filter((id) => !stitched.has(id));
  await countEach(host, counted, range, {
    signal,
    onCount: (messages) => (isQuiet &&= messages === 0),
    onFailed: () => (isQuiet = false),
  });
  return isQuiet ? range : undefined;
}
