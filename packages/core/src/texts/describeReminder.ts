import type { Reminder } from "../policy/rules/reminder.ts";
import { eventName, isKnownEvent } from "./describeDue.ts";
import { dropOf } from "./describeHealth.ts";
import { reminderTexts } from "./english/reminderTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/**
 * Says what is suggested to the user, in a sentence or two.
 *
 * @example
 * ```ts
 * import { type Backups, describeReminder } from "@xmtp-backup/core";
 *
 * function suggest(backups: Backups, show: (line: string) => void): void {
 *   backups.reminders$.subscribe((reminders) => reminders.forEach((reminder) => show(describeReminder(reminder))));
 * }
 * ```
 */
export function describeReminder(reminder: Reminder, { texts }: TextOptions = {}): string {
  const say = speak(reminderTexts, texts, "reminder.unknown");
  switch (reminder.kind) {
    case "beforeEvent":
      return isKnownEvent(reminder.event)
        ? say(`reminder.beforeEvent.${reminder.event}`)
        : say("reminder.beforeEvent", { event: eventName(reminder.event) });
    case "failing":
      return say("reminder.failing", { count: reminder.days });
    case "smaller": {
      const { unit, ...values } = dropOf(reminder.smaller);
      return say(`reminder.smaller.${unit}`, values);
    }
    case "storageNearlyFull":
      return say("reminder.storageNearlyFull", { percent: reminder.percent });
    case "stale":
      return say(reminder.hasBackup ? "reminder.stale" : "reminder.stale.none", { count: reminder.days });
    case "newConversations":
      return say("reminder.newConversations", { count: reminder.count });
    case "setUp":
      return say(reminder.isByHand ? "reminder.setUp.byHand" : "reminder.setUp");
    default:
      return say(`reminder.${reminder.kind}`);
  }
}
