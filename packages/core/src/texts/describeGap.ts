import type { Gap } from "../activation/rules/trackedConversation.ts";
import { gapTexts } from "./english/gapTexts.ts";
import { formatTime } from "./formatTime.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What is at hand to bring the missing messages; what `backups.gapFillers()` answers is one. */
export type AvailableFillers = {
  /** Archives that reach further. */
  archives: readonly unknown[];
  /** What was offered through history sync. */
  syncArchives: readonly unknown[];
  /** Whom to ask. */
  otherInstallations: readonly unknown[];
};

/** What stands where messages are missing. */
export type GapText = {
  /** One or two sentences. */
  text: string;
  /** How the messages come back; absent when they have. */
  action?: string;
};

export type GapTextOptions = TextOptions & {
  /** The IANA zone of the times. */
  timeZone: string;
  /** @default nobody has looked */
  fillers?: AvailableFillers | undefined;
};

/**
 * Says from when to when messages are missing in a restored conversation, and what brings them back.
 *
 * @example
 * ```ts
 * import { describeGap, type TrackedConversation } from "@xmtp-backup/core";
 *
 * function lineOf({ gap }: TrackedConversation): string {
 *   return describeGap(gap, { timeZone: "Europe/Lisbon" }).text;
 * }
 * ```
 */
export function describeGap({ fromMs, toMs, isFilled = false }: Gap, { texts, timeZone, fillers }: GapTextOptions): GapText {
  const say = speak(gapTexts, texts);
  const style = { timeZone, locale: texts?.locale ?? "en" };
  const from = formatTime(fromMs, style);
  if (toMs === undefined)
    return isFilled ? { text: say("gap.filled.open") } : { text: say("gap.open", { from }), action: say(actionFor(fillers)) };
  const times = { from, to: formatTime(toMs, style) };
  return isFilled ? { text: say("gap.filled", times) } : { text: say("gap.closed", times), action: say(actionFor(fillers)) };
}

function actionFor(fillers: AvailableFillers | undefined) {
  if (!fillers) return "gap.action.any";
  const [hasArchive, isOffered, hasOthers] = [
    fillers.archives.length > 0,
    fillers.syncArchives.length > 0,
    fillers.otherInstallations.length > 0,
  ];
  if (hasArchive) return isOffered || hasOthers ? "gap.action.both" : "gap.action.archive";
  if (isOffered) return "gap.action.offered";
  return hasOthers ? "gap.action.historySync" : "gap.action.none";
}
