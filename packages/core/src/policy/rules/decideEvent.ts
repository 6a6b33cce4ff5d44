import type { BackupEventName, EventAnswer, FullPolicy } from "./backupPolicy.ts";

/**
 * What the policy does before an event: back up, ask the user, or nothing; an event it does not name gets a backup.
 *
 * With the frequency `never` nothing runs automatically, so the user is asked instead.
 *
 * @example
 * ```ts
 * import { decideEvent, normalizePolicy } from "@xmtp-backup/core";
 *
 * const policy = normalizePolicy({ events: { "os-update": "ask" } });
 * console.log(decideEvent(policy, "os-update"), decideEvent(policy, "app-update")); // ask backup
 * ```
 */
export function decideEvent({ events, frequency }: FullPolicy, event: BackupEventName): EventAnswer {
  const answer = Object.hasOwn(events, event) ? (events[event] ?? "backup") : "backup";
  return answer === "backup" && frequency === "never" ? "ask" : answer;
}
