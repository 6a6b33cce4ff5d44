import type { OpenEntry } from "../../archives/openStored.ts";
import { addDuration, type Duration } from "../../time/duration.ts";

/** When a backup is an increment, and when it is a whole archive. */
export type IncrementSettings = {
  /** How often a whole archive is made. @default "30d" */
  wholeEvery?: Duration;
  /** How many increments at most lead from one whole archive to the next, up to 365. @default 30 */
  maxChain?: number;
  /** How many bytes the increments of a whole archive have at most, in parts of its own. @default 0.5 */
  maxShare?: number;
};

/** What they are where nothing is said. */
export const defaultIncrements = { wholeEvery: "30d", maxChain: 30, maxShare: 0.5 } as const satisfies Required<IncrementSettings>;

/** An increment that could be made. */
export type PossibleIncrement = {
  /** What it would be based on, the whole archive first. */
  chain: readonly OpenEntry[];
  /** About how many bytes it has. */
  newBytes: number;
  /** That of the key of the new archive. */
  keyFingerprint: string;
  nowMs: number;
};

/** Whether the next archive is an increment: one of a chain that is young, short, light, verified and under the same key. */
export function wantsIncrement(
  { chain, newBytes, keyFingerprint, nowMs }: PossibleIncrement,
  { wholeEvery, maxChain, maxShare }: Required<IncrementSettings>,
): boolean {
  const [whole, ...increments] = chain;
  if (!whole) return false;
  const isSound = chain.every((entry) => entry.keyFingerprint === keyFingerprint && entry.details.verifiedAtMs !== undefined);
  const isYoung = whole.createdAtMs <= nowMs && nowMs < addDuration(whole.createdAtMs, wholeEvery, 1);
  const bytes = increments.reduce((sum, { sizeBytes }) => sum + sizeBytes, newBytes);
  return isSound && isYoung && increments.length < maxChain && bytes <= maxShare * whole.sizeBytes;
}
