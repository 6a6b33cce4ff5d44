import type { DueReason } from "../policy/rules/nextRunReason.ts";
import { dueTexts, type KnownEvent } from "./english/dueTexts.ts";
import { plainName } from "./plainName.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/**
 * Says why a backup is due, in a sentence.
 *
 * @example
 * ```ts
 * import { describeDue } from "@xmtp-backup/core";
 *
 * console.log(describeDue({ reason: "messages", count: 120 }));
 * ```
 */
export function describeDue(due: DueReason, options: TextOptions = {}): string {
  return describeMaybeDue(due, options);
}

/** The same of what another version of the app may have left out. */
export function describeMaybeDue(due: DueReason | undefined, { texts }: TextOptions): string {
  const say = speak(dueTexts, texts, "due.unknown");
  switch (due?.reason) {
    case "first":
    case "lost":
      return say(`due.${due.reason}`);
    case "schedule":
    case "missed":
      return say(`due.${due.reason}.${due.schedule}`);
    case "messages":
    case "conversations":
      return say(`due.${due.reason}`, { count: due.count });
    case "event":
      return isKnownEvent(due.event) ? say(`due.event.${due.event}`) : say("due.event", { event: eventName(due.event) });
    default:
      return say("due.unknown");
  }
}

export function isKnownEvent(event: string): event is KnownEvent {
  return Object.hasOwn(dueTexts, `due.event.${event}`);
}

/** The app's own word for an event, fit to stand in a sentence. */
export function eventName(event: string): string {
  return plainName(event) ?? event;
}
