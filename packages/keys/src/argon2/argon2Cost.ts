import { BackupError } from "@xmtp-backup/core";

/** What guessing a passphrase costs: memory in KiB, passes over it, lanes. */
export type Argon2Cost = { memoryKiB: number; iterations: number; parallelism: number };

/** The second choice of RFC 9106 with one lane, since browsers compute lanes one after the other: some tenths of a second. */
export const defaultCost = { memoryKiB: 65_536, iterations: 3, parallelism: 1 } as const satisfies Argon2Cost;

/** Memory times passes in all that one call may take, in KiB: 4 GiB, some seconds of a laptop and twenty slots of the default cost. */
export const defaultWorkLimitKiB = 4_194_304;

/** No device is asked for more than a gibibyte, whatever a ring that somebody altered demands. */
const limits = { memoryKiB: 1_048_576, iterations: 100, parallelism: 16 } as const satisfies Argon2Cost;

/**
 * The cost that a slot was made with.
 *
 * @throws KEY_RING_DAMAGED when it is none that anybody would have chosen
 */
export function costOf({ memoryKiB, iterations, parallelism }: { readonly [name: string]: unknown }): Argon2Cost {
  const cost = { memoryKiB, iterations, parallelism };
  if (isCost(cost)) return cost;
  throw new BackupError("KEY_RING_DAMAGED", "A passphrase slot of the key ring asks for a cost that can't be.");
}

/** @throws OPTIONS_INVALID when it can't be computed, or takes more work than opening it may */
export function assertCost(cost: Argon2Cost, workLimitKiB: number): void {
  if (isCost(cost) && workOf(cost) > workLimitKiB)
    throw new BackupError("OPTIONS_INVALID", "The cost of a passphrase is above workLimitKiB, so that nothing would open it.");
  if (!isCost(cost))
    throw new BackupError("OPTIONS_INVALID", "The cost of a passphrase is out of bounds: 8 KiB to 1 GiB, 1 to 100 passes, 1 to 16 lanes.");
}

/** What a cost takes, in KiB: its memory times its passes. */
export function workOf({ memoryKiB, iterations }: Argon2Cost): number {
  return memoryKiB * iterations;
}

function isCost(cost: Record<keyof Argon2Cost, unknown>): cost is Argon2Cost {
  const isWithin = (name: keyof Argon2Cost) =>
    Number.isSafeInteger(cost[name]) && (cost[name] as number) >= 1 && (cost[name] as number) <= limits[name];
  return (
    isWithin("memoryKiB") &&
    isWithin("iterations") &&
    isWithin("parallelism") &&
    (cost.memoryKiB as number) >= 8 * (cost.parallelism as number)
  );
}
