/** One measured case; a ratio is taken inside one run, since machines differ and drift. */
export type Result = { name: string; measured: number; target: number; unit: string; ok: boolean };

/** A case that is fine at or below its target. */
export function atMost(name: string, measured: number, target: number, unit: string): Result {
  return { name, measured: round(measured), target, unit, ok: measured <= target };
}

/** A case that is fine at or above its target. */
export function atLeast(name: string, measured: number, target: number, unit: string): Result {
  return { name, measured: round(measured), target, unit, ok: measured >= target };
}

/** How long some work takes, in seconds. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
