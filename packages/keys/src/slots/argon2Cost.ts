import { BackupError } from "@xmtp-backup/core";
import type { SlotParameters } from "./slotKey.ts";

/** What guessing a passphrase costs: memory in KiB, passes over it, lanes. */
export type Argon2Cost = { memoryKiB: number; iterations: number; parallelism: number };

/** The second choice of RFC 9106 with one lane, since browsers compute lanes one after the other: some tenths of a second. */
export const defaultCost = { memoryKiB: 65_536, iterations: 3, parallelism: 1 } as const satisfies Argon2Cost;

/** No device is asked for more than a gibibyte, whatever a ring that somebody altered demands. */
const limits = { memoryKiB: 1_048_576, iterations: 100, parallelism: 16 } as const satisfies Argon2Cost;

/**
 * The cost that a slot was made with.
 *
 * @throws KEY_RING_DAMAGED when it is none that anybody would have chosen
 */
export function costOf({ memoryKiB, iterations, parallelism }: SlotParameters): Argon2Cost {
  const cost = { memoryKiB, iterations, parallelism };
  if (isCost(cost)) return cost;
  throw new BackupError("KEY_RING_DAMAGED", "A passphrase slot of the key ring asks for a cost that can't be.");
}

/** @throws OPTIONS_INVALID when it can't be computed */
export function assertCost(cost: Argon2Cost): void {
  if (!isCost(cost)) throw new BackupError("OPTIONS_INVALID", "The cost of a passphrase is out of bounds: 8 KiB to 1 GiB, 1 to 100 passes, 1 to 16 lanes.");
}

function isCost(cost: Record<keyof Argon2Cost, unknown>): cost is Argon2Cost {
  const isWithin = (name: keyof Argon2Cost) => Number.isSafeInteger(cost[name]) && (cost[name] as number) >= 1 && (cost[name] as number) <= limits[name];
  return isWithin("memoryKiB") && isWithin("iterations") && isWithin("parallelism") && (cost.memoryKiB as number) >= 8 * (cost.parallelism as number);
}
