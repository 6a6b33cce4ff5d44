import type { BackupEventName, EventAnswer, FullPolicy } from "./backupPolicy.ts";

/**
 * What the policy does before an event: back up, ask the user, or nothing; an event it does not name gets a backup.
 *
 * With the frequency `never` nothing runs by itself, so the user is asked instead.
 */
export function decideEvent({ events, frequency }: FullPolicy, event: BackupEventName): EventAnswer {
  const answer = Object.hasOwn(events, event) ? (events[event] ?? "backup") : "backup";
  return answer === "backup" && frequency === "never" ? "ask" : answer;
}
