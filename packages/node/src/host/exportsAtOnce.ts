import { availableParallelism } from "node:os";

/**
 * How many exports run side by side: one for each core, two at least and four at most.
 *
 * Two on two cores take about half the time of one after the other. Four are not faster than three, and leave an agent little of the machine.
 *
 * @param cores - how many cores this process may use
 * @default those of the machine
 */
export function exportsAtOnce(cores: number = availableParallelism()): number {
  return Math.min(4, Math.max(2, cores));
}
