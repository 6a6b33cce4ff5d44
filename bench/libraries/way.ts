/** One way to do a piece of work, beside others that do the same. */
export type Way = { name: string; work(): Promise<void> };

/** Megabytes a second by name. */
export type Speeds = Record<string, number>;

/** How often each way is played. */
export const wayRounds = 5;

/** How fast each way is: the best of some rounds, in which they take turns, so that all meet the same machine. */
export async function compareWays(ways: readonly Way[], bytes: number, rounds = wayRounds): Promise<Speeds> {
  const speeds: Speeds = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, work } of ways) {
      const startMs = performance.now();
      await work();
      speeds[name] = Math.max(speeds[name] ?? 0, bytes / 1000 / (performance.now() - startMs));
    }
  }
  return speeds;
}
