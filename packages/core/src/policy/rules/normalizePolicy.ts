import { defaultIncrements } from "../../backup/rules/wantsIncrement.ts";
import { assertPolicy } from "./assertPolicy.ts";
import { type BackupPolicy, defaultPolicy, type EventAnswer, type FullPolicy } from "./backupPolicy.ts";

/**
 * Checks a policy and fills in what it leaves open.
 *
 * @throws POLICY_INVALID when a setting is wrong; the message names it
 *
 * @example
 * ```ts
 * import { normalizePolicy } from "@xmtp-backup/core";
 *
 * const { at, keep } = normalizePolicy({ frequency: "daily" });
 * console.log(at, keep); // 02:00 { last: 5 }
 * ```
 */
export function normalizePolicy(policy: BackupPolicy = {}): FullPolicy {
  assertPolicy(policy);
  const given = Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined)) as BackupPolicy;
  const { reminders = {}, increments = defaultPolicy.increments } = given;
  return {
    ...defaultPolicy,
    ...(given as Partial<FullPolicy>),
    events: { ...given.events } as Record<string, EventAnswer>,
    increments: increments === false ? false : { ...defaultIncrements, ...(increments === true ? {} : increments) },
    reminders: reminders === false ? false : { ...defaultPolicy.reminders, ...reminders },
  };
}
