/** How far neighbours of a crowd are from each other at most. */
const nearNs = 60_000_000_000n;

/** The moments, in order, of which most follow one another within a minute. */
export function largestCrowd(timesNs: readonly bigint[]): bigint[] {
  const sorted = [...timesNs].sort((a, b) => (a < b ? -1 : Number(a > b)));
  let largest: [from: number, to: number] = [0, 0];
  let from = 0;
  for (let index = 1; index <= sorted.length; index += 1) {
    const [timeNs, beforeNs] = [sorted[index], sorted[index - 1]];
    if (timeNs !== undefined && beforeNs !== undefined && timeNs - beforeNs <= nearNs) continue;
    if (index - from > largest[1] - largest[0]) largest = [from, index];
    from = index;
  }
  return sorted.slice(...largest);
}
