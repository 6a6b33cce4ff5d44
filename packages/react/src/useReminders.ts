import type { ReminderHandle } from "@xmtp-backup/core";
import { useBackups } from "./backupsProvider.ts";
import { useCurrent } from "./current.ts";

const none: readonly ReminderHandle[] = [];

/**
 * What to suggest to the user now, each with `dismiss` and `snooze`.
 *
 * @example
 * ```tsx
 * import { useReminders } from "@xmtp-backup/react";
 *
 * const Reminders = () => useReminders().map(({ id, reason, dismiss }) => <p key={id}>{reason} <button onClick={dismiss}>Not now</button></p>);
 * ```
 */
export function useReminders(): readonly ReminderHandle[] {
  return useCurrent(useBackups().reminders$, none);
}
