import { BackupError } from "../../errors/backupError.ts";
import { type Duration, parseDuration } from "../../time/duration.ts";

/** How many archives a rule keeps: a whole number, or all of them. */
export type KeepCount = number | "all";

/**
 * Which archives stay when a new one has been made; an archive stays if any of the rules keeps it.
 *
 * The rules of periods keep the newest archive of each natural hour, day, ISO week, month or year in the policy's time
 * zone. Only periods with an archive count, and while a rule has places left it keeps the oldest archive too.
 */
export type Keep = {
  /** The newest n. */
  last?: KeepCount;
  /** The newest of each of the last n hours that hold one. */
  hourly?: KeepCount;
  /** The newest of each of the last n days that hold one. */
  daily?: KeepCount;
  /** The newest of each of the last n weeks that hold one; a week begins on Monday. */
  weekly?: KeepCount;
  /** The newest of each of the last n months that hold one. */
  monthly?: KeepCount;
  /** The newest of each of the last n years that hold one. */
  yearly?: KeepCount;
  /** Every archive made within this time before the newest one. */
  within?: Duration;
  /** Keep what the user pinned or named, beside the other rules and without taking a place of theirs. @default true */
  pinned?: boolean;
  /**
   * Keep the archive that holds the most. After a sharp drop keep every one that holds more than the newest, until the user confirms it
   * with `acceptSmaller`. Turn it off for an app whose users remove much of their history on purpose.
   *
   * @default true
   */
  larger?: boolean;
};

export const keepRules = ["last", "hourly", "daily", "weekly", "monthly", "yearly"] as const satisfies readonly (keyof Keep)[];

/** @throws POLICY_INVALID when a rule is wrong, or none keeps anything */
export function assertKeep(keep: unknown): asserts keep is Keep {
  const refuse = (message: string): never => {
    throw new BackupError("POLICY_INVALID", message);
  };
  if (typeof keep !== "object" || keep === null) return refuse("keep is an object of rules, for example { last: 5 }.");
  const { within, pinned, larger, ...counts } = keep as Record<string, unknown>;
  for (const [rule, count] of Object.entries(counts)) {
    if (!(keepRules as readonly string[]).includes(rule)) refuse(`keep has no rule called ${JSON.stringify(rule)}.`);
    const isCount = count === undefined || count === "all" || (Number.isSafeInteger(count) && (count as number) >= 0);
    if (!isCount) refuse(`keep.${rule} is a whole number of archives from 0 on, or "all".`);
  }
  if (within !== undefined && !parseDuration(within)) refuse('keep.within is a duration such as "30d", "1y6m" or "12h".');
  if (pinned !== undefined && typeof pinned !== "boolean") refuse("keep.pinned is true or false.");
  if (larger !== undefined && typeof larger !== "boolean") refuse("keep.larger is true or false.");
  if (within === undefined && !Object.values(counts).some(Boolean)) {
    refuse("keep is empty: it would remove every archive. Name at least one rule, for example { last: 5 }.");
  }
}
