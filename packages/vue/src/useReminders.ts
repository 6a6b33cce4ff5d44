import type { ReminderHandle } from "@xmtp-backup/core";
import type { ShallowRef } from "vue";
import { useBackups } from "./backupsPlugin.ts";
import { useCurrent } from "./current.ts";

/**
 * What to suggest to the user now, each with `dismiss` and `snooze`.
 *
 * @example
 * ```ts
 * import { useReminders } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const Reminders = defineComponent(() => {
 *   const reminders = useReminders();
 *   return () => reminders.value.map(({ id, reason, dismiss }) => h("p", { key: id }, [reason, h("button", { onClick: dismiss }, "Not now")]));
 * });
 * ```
 */
export function useReminders(): Readonly<ShallowRef<readonly ReminderHandle[]>> {
  const { reminders$ } = useBackups();
  return useCurrent<readonly ReminderHandle[]>(() => reminders$, []);
}
