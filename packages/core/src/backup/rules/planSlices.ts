import type { MessageRange } from "../../ports/host.ts";
import { toRanges } from "./rangesBetween.ts";

export type PlanSlicesOptions = {
  /** How many slices are exported side by side: their number is a multiple of it, so that all end together. @default 1 */
  atOnce?: number;
};

/** How many messages lie up to a time. */
type Mark = { timeNs: bigint; messages: number };

/** About how many messages one slice should hold. */
export const messagesPerSlice = 5_000;
/**
 * Each slice costs the SDK one more scan of its messages (docs/sdk-facts.md#export-visits-the-whole-table): with these, three scans in a
 * hundred at 300,000 messages.
 */
const mostSlices = 40;
/** How far a slice may be from its size, in parts of it, before its end is looked for any longer. */
const tolerance = 0.05;
const mostCountsPerCut = 20;
const shortestSliceNs = 1_000_000_000n;

/**
 * Cuts a range of time so that each slice holds about as many messages. One after the other they cover all of it.
 *
 * The first slice keeps the range's own start and the last one its end, open where the range is. So messages outside the known times are
 * in them.
 *
 * @param count - how many messages lie in a part of the range; an estimate is enough
 */
export async function planSlices(
  range: MessageRange,
  span: { firstNs: bigint; lastNs: bigint },
  count: (range: MessageRange) => Promise<number>,
  { atOnce = 1 }: PlanSlicesOptions = {},
): Promise<MessageRange[]> {
  const total = await count(range);
  if (total <= messagesPerSlice) return [range];
  const slices = Math.ceil(Math.min(mostSlices, total / messagesPerSlice) / atOnce) * atOnce;
  const marks: Mark[] = [
    { timeNs: range.startNs ?? span.firstNs, messages: 0 },
    { timeNs: range.endNs ?? span.lastNs, messages: total },
  ];
  const cuts: bigint[] = [];
  for (let index = 1; index < slices; index += 1) {
    const timeNs = await findCut(marks, (total * index) / slices, (tolerance * total) / slices, count);
    if (timeNs > (cuts.at(-1) ?? marks[0]?.timeNs ?? 0n) && timeNs < (marks.at(-1)?.timeNs ?? 0n)) cuts.push(timeNs);
  }
  return toRanges(range, cuts);
}

/**
 * The time up to which about so many messages lie. It is guessed from the marks on both sides, and halved where guesses don't help, since
 * messages come in crowds. Each count adds a mark, which the next cuts use.
 */
async function findCut(marks: Mark[], wanted: number, allowed: number, count: (range: MessageRange) => Promise<number>): Promise<bigint> {
  for (let counts = 0; counts < mostCountsPerCut; counts += 1) {
    const after = marks.findIndex(({ messages }) => messages >= wanted);
    const [before, behind] = [marks[after - 1], marks[after]];
    if (!before || !behind || behind.timeNs - before.timeNs <= shortestSliceNs || nearest(marks, wanted).off <= allowed) break;
    const timeNs = counts % 2 === 0 ? between(before, behind, wanted) : before.timeNs + (behind.timeNs - before.timeNs) / 2n;
    const messages = before.messages + (await count({ startNs: before.timeNs, endNs: timeNs }));
    marks.splice(after, 0, { timeNs, messages: Math.min(messages, behind.messages) });
  }
  return nearest(marks, wanted).timeNs;
}

/** Where the messages would have reached a number, had they come evenly; never at an end. */
function between(before: Mark, behind: Mark, wanted: number): bigint {
  const part = (wanted - before.messages) / Math.max(1, behind.messages - before.messages);
  const lengthNs = behind.timeNs - before.timeNs;
  return before.timeNs + (lengthNs * BigInt(Math.round(Math.min(0.98, Math.max(0.02, part)) * 1_000_000))) / 1_000_000n;
}

function nearest(marks: readonly Mark[], wanted: number): { timeNs: bigint; off: number } {
  return marks.map(({ timeNs, messages }) => ({ timeNs, off: Math.abs(messages - wanted) })).reduce((a, b) => (b.off < a.off ? b : a));
}
