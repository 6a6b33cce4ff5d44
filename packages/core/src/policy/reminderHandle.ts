import { assertTimeMs } from "../errors/assertOptions.ts";
import type { PolicyEvent } from "./policyEvent.ts";
import type { Reminder } from "./rules/reminder.ts";

/** A suggestion to the user, and what they can answer; both answers are remembered over restarts. */
export type ReminderHandle = Reminder & {
  /** Not again, as long as its cause lasts. */
  dismiss(): void;
  /** Again at that time, in milliseconds since 1970. */
  snooze(untilMs: number): void;
};

export function toHandle(reminder: Reminder, now: () => number, send: (event: PolicyEvent) => void): ReminderHandle {
  const { id } = reminder;
  return {
    ...reminder,
    dismiss: () => send({ type: "policy.dismiss", id, atMs: now() }),
    snooze(untilMs) {
      assertTimeMs("snooze(untilMs): the time", untilMs);
      send({ type: "policy.snooze", id, untilMs });
    },
  };
}
