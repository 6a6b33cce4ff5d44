import type { Figure } from "./figure.ts";
import type { MachineUse } from "./machineUse.ts";

/** One measured case; a ratio is taken inside one run, since machines differ and drift. */
export type Result = {
  name: string;
  /** Null where it could not be measured. */
  measured: number | null;
  /** Null where nothing is promised: the figure stands beside the others. */
  target: number | null;
  /** On which side of the target a figure is fine. @default "at most" */
  bound?: "at most" | "at least";
  unit: string;
  ok: boolean;
  /** Which of its rounds the figure is; absent where it could not be measured. */
  chosen?: Figure["chosen"];
  /** How many rounds are behind the figure. */
  rounds: number;
  /** The lowest and the highest of the rounds. */
  range?: readonly [lowest: number, highest: number];
  /** Why it was not measured. */
  reason?: string;
  /** What else the machine did meanwhile. @default what it did since the result before */
  machine?: MachineUse;
};

/** A case that is fine at or below its target. */
export function atMost(name: string, figure: Figure, target: number, unit: string): Result {
  return { name, ...shown(figure), target, unit, ok: figure.value <= target };
}

/** A case that is fine at or above its target. */
export function atLeast(name: string, figure: Figure, target: number, unit: string): Result {
  return { name, ...shown(figure), target, bound: "at least", unit, ok: figure.value >= target };
}

/** A figure to read the others by, of which nothing is promised. */
export function beside(name: string, figure: Figure, unit: string): Result {
  return { name, ...shown(figure), target: null, unit, ok: true };
}

/** A case that could not be measured: it counts as not ok, so that nothing passes unseen. */
export function notMeasured(name: string, target: number | null, unit: string, reason: string): Result {
  return { name, measured: null, target, unit, ok: false, rounds: 0, reason };
}

function shown({ value, chosen, rounds, range }: Figure): Pick<Result, "measured" | "chosen" | "rounds" | "range"> {
  return { measured: round(value), chosen, rounds, ...(range && { range: [round(range[0]), round(range[1])] as const }) };
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
