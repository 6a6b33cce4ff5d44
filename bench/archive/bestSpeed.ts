/** Megabytes a second, the best of some rounds: other work on the machine only ever slows one down. */
export async function bestSpeed(bytes: number, rounds: number, work: () => Promise<unknown>): Promise<number> {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await work();
    best = Math.max(best, bytes / 1000 / (performance.now() - startMs));
  }
  return best;
}
