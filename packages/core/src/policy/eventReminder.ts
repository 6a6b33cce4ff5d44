import type { Reminder } from "./reminders.ts";

/** What the user is asked before an event. */
export function eventReminder(event: string, atMs: number): Reminder {
  return { id: `beforeEvent:${event}:${atMs}`, kind: "beforeEvent", reason: `Back up before ${event}.`, action: "backup", event };
}
