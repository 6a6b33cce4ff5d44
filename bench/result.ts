/** One measured case; a ratio is taken inside one run, since machines differ and drift. */
export type Result = {
  name: string;
  /** Null where it could not be measured. */
  measured: number | null;
  /** Null where nothing is promised: the figure stands beside the others. */
  target: number | null;
  unit: string;
  ok: boolean;
  /** Why it was not measured. */
  reason?: string;
};

/** A case that is fine at or below its target. */
export function atMost(name: string, measured: number, target: number, unit: string): Result {
  return { name, measured: round(measured), target, unit, ok: measured <= target };
}

/** A case that is fine at or above its target. */
export function atLeast(name: string, measured: number, target: number, unit: string): Result {
  return { name, measured: round(measured), target, unit, ok: measured >= target };
}

/** A figure to read the others by, of which nothing is promised. */
export function beside(name: string, measured: number, unit: string): Result {
  return { name, measured: round(measured), target: null, unit, ok: true };
}

/** A case that could not be measured: it counts as not ok, so that nothing passes unseen. */
export function notMeasured(name: string, target: number, unit: string, reason: string): Result {
  return { name, measured: null, target, unit, ok: false, reason };
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
