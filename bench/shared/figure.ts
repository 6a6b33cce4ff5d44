/** A measured value, and the rounds behind it. */
export type Figure = {
  value: number;
  /** Which of its rounds it is. */
  chosen: "median" | "highest" | "lowest" | "only" | "computed";
  rounds: number;
  /** The lowest and the highest of the rounds, where each of them gives a value. */
  range?: readonly [lowest: number, highest: number];
};

export function medianOf(values: readonly number[]): Figure {
  return { value: median(values), chosen: "median", ...spreadOf(values) };
}

export function highestOf(values: readonly number[]): Figure {
  return { value: Math.max(...values), chosen: "highest", ...spreadOf(values) };
}

export function lowestOf(values: readonly number[]): Figure {
  return { value: Math.min(...values), chosen: "lowest", ...spreadOf(values) };
}

/** One round, where more would take too long. */
export function once(value: number): Figure {
  return { value, chosen: "only", rounds: 1 };
}

/** Computed from the medians, or the best, of so many rounds. */
export function computedFrom(rounds: number, value: number): Figure {
  return { value, chosen: "computed", rounds };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function spreadOf(values: readonly number[]): Pick<Figure, "rounds" | "range"> {
  return { rounds: values.length, ...(values.length > 1 && { range: [Math.min(...values), Math.max(...values)] as const }) };
}
