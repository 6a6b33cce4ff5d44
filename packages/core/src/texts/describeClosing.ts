import type { ClosingAdvice } from "../tasks/closingAdvice.ts";
import { closingTexts } from "./english/closingTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/**
 * Says whether the app can close now, and what closing would stop.
 *
 * @example
 * ```ts
 * import { type Backups, describeClosing } from "@xmtp-backup/core";
 *
 * function mayClose(backups: Backups, confirm: (question: string) => boolean): boolean {
 *   const advice = backups.closingAdvice();
 *   return advice.safe || confirm(describeClosing(advice));
 * }
 * ```
 */
export function describeClosing(advice: ClosingAdvice, { texts }: TextOptions = {}): string {
  const say = speak(closingTexts, texts);
  if (advice.safe) return say("closing.safe");
  if (advice.losing === "backup") return say("closing.backup");
  if (isRestore(advice)) return say(advice.hasBegun ? "closing.restore.begun" : "closing.restore");
  return say("closing.unknown");
}

/** Whether it is a restore; another version of the app may name a task that this one does not know. */
function isRestore({ losing }: { losing: string }): boolean {
  return losing === "restore";
}
