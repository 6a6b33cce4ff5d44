/** How long before a backup messages are exported again by the next one: clocks differ, and messages come late. */
const marginNs = 3_600_000_000_000n;

/**
 * Up to when a later backup compares its counts with those of an archive, in nanoseconds since 1970. What is sent after it is exported
 * again. A message that is dated ahead moves it no later than the backup itself.
 *
 * @param createdAtMs - when the archive was made
 * @param lastMessageNs - when its newest message was sent
 */
export function cutOf(createdAtMs: number, lastMessageNs: bigint): bigint {
  const latestNs = BigInt(Math.floor(createdAtMs)) * 1_000_000n - marginNs;
  return lastMessageNs < latestNs ? lastMessageNs : latestNs;
}

/** How many of these times are later than the cut, by conversation; those with none are left out. */
export function countLater(sentTimes: ReadonlyMap<string, BigInt64Array>, cutNs: bigint): Map<string, number> {
  const later = new Map<string, number>();
  for (const [id, timesNs] of sentTimes) {
    let count = 0;
    for (let index = timesNs.length - 1; index >= 0 && (timesNs[index] as bigint) > cutNs; index -= 1) count += 1;
    if (count > 0) later.set(id, count);
  }
  return later;
}
