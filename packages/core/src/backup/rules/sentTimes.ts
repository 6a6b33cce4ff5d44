/** When messages of each conversation were sent, in nanoseconds since 1970. */
export type SentTimes = ReadonlyMap<string, readonly bigint[]>;

/** The times of both, each of them once for a conversation. */
export function uniteTimes(some: SentTimes, others: SentTimes): SentTimes {
  const united = new Map(some);
  for (const [id, sentNs] of others) united.set(id, [...new Set([...(some.get(id) ?? []), ...sentNs])]);
  return united;
}
