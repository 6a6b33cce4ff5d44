/** Counts the messages of a conversation between two times, both included. */
export type CountBetween = (firstNs: bigint, lastNs: bigint) => Promise<number>;

/** Where new messages are expected, and what was here around it: so that it can be checked after the import. */
export type NewTimes = {
  firstNs: bigint;
  lastNs: bigint;
  /** How many messages were here from the first imported one on and before `firstNs`. */
  earlier: number;
  /** How many were here after `lastNs`, up to the last imported one. */
  later: number;
};

/**
 * Where those of the imported messages are that are not here: where the client counts fewer than are imported, the first time and
 * the last. It asks for some 20 counts each, whatever there is.
 *
 * Messages that are here and are not imported hide where new ones are. So this is checked after the import.
 *
 * @param times - when the imported messages were sent, the earliest first
 * @param here - how many messages of that time are here
 */
export async function expectNewTimes(times: BigInt64Array, here: number, count: CountBetween): Promise<NewTimes | undefined> {
  const missing = times.length - here;
  const startNs = times[0];
  if (missing <= 0 || startNs === undefined) return undefined;
  const at = (index: number) => times[index] as bigint;
  const lacksUntil = async (index: number) => upTo(times, index) - (await count(startNs, at(index)));
  const first = await firstIndex(times.length, async (index) => (await lacksUntil(index)) >= 1);
  const last = await firstIndex(times.length, async (index) => (await lacksUntil(index)) >= missing);
  const [firstNs, lastNs] = [at(first), at(last)];
  return { firstNs, lastNs, earlier: await count(startNs, firstNs - 1n), later: here - (await count(startNs, lastNs)) };
}

/** Whether nothing came in before the expected time, or after it. */
export async function holds(
  { firstNs, lastNs, earlier, later }: NewTimes,
  startNs: bigint,
  now: number,
  count: CountBetween,
): Promise<boolean> {
  return (await count(startNs, firstNs - 1n)) === earlier && now - (await count(startNs, lastNs)) === later;
}

/** Later than any message, in a time that every SDK can count up to: the year 2116. */
const endNs = 2n ** 62n;

/**
 * When the first and the last of so many messages were sent, by counts alone: a list leaves out reactions and receipts.
 *
 * @param within - two times between which they are @default all time
 */
export async function findTimes(
  messages: number,
  count: CountBetween,
  within = { firstNs: 0n, lastNs: endNs },
): Promise<{ firstNs: bigint; lastNs: bigint }> {
  const reaches = (wanted: number) => firstTime(within, async (timeNs) => (await count(within.firstNs, timeNs)) >= wanted);
  return { firstNs: await reaches(1), lastNs: await reaches(messages) };
}

/** How many times are not after the one at the index. */
function upTo(times: BigInt64Array, index: number): number {
  let end = index + 1;
  while (end < times.length && times[end] === times[index]) end += 1;
  return end;
}

/** The first index of so many for which it is so; for all after it, it is so too. */
async function firstIndex(length: number, isSo: (index: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

async function firstTime(
  { firstNs, lastNs }: { firstNs: bigint; lastNs: bigint },
  isSo: (timeNs: bigint) => Promise<boolean>,
): Promise<bigint> {
  let [low, high] = [firstNs, lastNs];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (await isSo(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
