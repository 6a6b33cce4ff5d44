import type { Reminder } from "./reminder.ts";

/** What the user is asked before an event. */
export function eventReminder(event: string, atMs: number): Reminder {
  return { id: `beforeEvent:${event}:${atMs}`, kind: "beforeEvent", action: "backup", event };
}
