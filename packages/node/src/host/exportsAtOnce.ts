import { availableParallelism } from "node:os";
import type { NodeClient } from "./nodeClient.ts";

/**
 * How many exports of a client run side by side: one for each core, two at least and four at most; one on an encrypted database.
 *
 * On two cores two at a time take between half and four fifths of the time of one after the other, depending on what else runs there. More
 * than four leave an agent little of its machine. On an encrypted database they wait for each other, and two take three times the CPU of one
 * after the other (docs/upstream.md#on-an-encrypted-database).
 *
 * @param client - one that does not show its options counts as encrypted
 * @param cores - how many cores this process may use
 * @default those of the machine
 */
export function exportsAtOnce({ options }: Pick<NodeClient, "options">, cores: number = availableParallelism()): number {
  const isPlain = options !== undefined && (options.dbEncryptionKey ?? undefined) === undefined;
  return isPlain ? Math.min(4, Math.max(2, cores)) : 1;
}
