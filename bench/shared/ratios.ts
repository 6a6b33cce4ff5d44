import type { Run } from "./timed.ts";

/** How long one way took beside another in each round. */
export function ratios<Name extends string>(rounds: readonly Record<Name, Run>[], one: Name, other: Name): number[] {
  return rounds.map((round) => round[one].seconds / round[other].seconds);
}

/** Runs in words. */
export function secondsText(runs: Readonly<Record<string, Run>>): string {
  return Object.entries(runs)
    .map(([name, { seconds }]) => `${name} ${seconds.toFixed(2)} s`)
    .join(", ");
}
