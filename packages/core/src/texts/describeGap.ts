import type { Gap } from "../model/activation.ts";
import { gapTexts } from "./english/gapTexts.ts";
import { formatTime } from "./formatTime.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What brings the missing messages: a newer archive, or another installation through history sync. */
export type GapFiller = "archive" | "historySync";

/** What stands where messages are missing. */
export type GapText = {
  /** A line without a full stop. */
  text: string;
  /** How the messages come back; absent when they have. */
  action?: string;
};

export type GapTextOptions = TextOptions & {
  /** The IANA zone that times are told in. */
  timeZone: string;
  /** What is at hand to fill it; none of it when empty. @default nobody has looked */
  fillers?: readonly GapFiller[] | undefined;
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
  if (toMs === undefined) return isFilled ? { text: say("gap.filled.open") } : { text: say("gap.open", { from }), action: say(actionFor(fillers)) };
  const times = { from, to: formatTime(toMs, style) };
  return isFilled ? { text: say("gap.filled", times) } : { text: say("gap.closed", times), action: say(actionFor(fillers)) };
}

function actionFor(fillers: readonly GapFiller[] | undefined) {
  if (!fillers) return "gap.action.any";
  const [filler] = fillers;
  if (filler === undefined) return "gap.action.none";
  return fillers.includes("archive") && fillers.includes("historySync") ? "gap.action.both" : (`gap.action.${filler}` as const);
}
