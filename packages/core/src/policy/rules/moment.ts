import type { FullPolicy } from "./backupPolicy.ts";

/** When something is decided, and where. */
export type Moment = {
  /** Milliseconds since 1970. */
  nowMs: number;
  /** The IANA zone that the times of day, the days and the months of the policy are meant in. */
  timeZone: string;
};

/** The moment of a decision: in the policy's own zone, or else in the user's. */
export function momentOf(policy: Pick<FullPolicy, "timeZone">, nowMs: number, userTimeZone: string): Moment {
  return { nowMs, timeZone: policy.timeZone ?? userTimeZone };
}
