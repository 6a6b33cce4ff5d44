import { availableParallelism } from "node:os";

/**
 * How many exports run side by side: one for each core, two at least and four at most.
 *
 * On two cores two at a time take between half and four fifths of the time of one after the other, depending on what else runs there. More
 * than four leave an agent little of its machine.
 *
 * @param cores - how many cores this process may use
 * @default those of the machine
 */
export function exportsAtOnce(cores: number = availableParallelism()): number {
  return Math.min(4, Math.max(2, cores));
}
