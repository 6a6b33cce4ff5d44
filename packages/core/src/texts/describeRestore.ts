import type { RestoreRecommendation } from "../restore/rules/restoreRecommendation.ts";
import { restoreTexts } from "./english/restoreTexts.ts";
import { formatTime } from "./formatTime.ts";
import { type Speak, speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What a screen shows of a recommended way to the history. */
export type RestoreText = {
  title: string;
  body: string;
  /** A sentence for each reason, the deciding one first. */
  reasons: string[];
  /** A sentence for each further step, in their order. */
  steps: string[];
};

export type RestoreTextOptions = TextOptions & {
  /** The IANA zone of the times. */
  timeZone: string;
};

/**
 * Says in words what `recommendRestore` recommends.
 *
 * @example
 * ```ts
 * import { describeRestore, recommendRestore, type RestoreFacts } from "@xmtp-backup/core";
 *
 * function advise(facts: RestoreFacts): string {
 *   const { title, reasons } = describeRestore(recommendRestore(facts), { timeZone: "Europe/Lisbon" });
 *   return [title, ...reasons].join("\n");
 * }
 * ```
 */
export function describeRestore(recommendation: RestoreRecommendation, { texts, timeZone }: RestoreTextOptions): RestoreText {
  const say = speak(restoreTexts, texts, "restore.unknown.body");
  const { route, reasons, then } = recommendation;
  return {
    title: speak(restoreTexts, texts, "restore.unknown.title")(`restore.${route}.title`),
    body: bodyOf(say, recommendation, (atMs) => formatTime(atMs, { timeZone, locale: texts?.locale ?? "en" })),
    reasons: reasons.map((reason) => speak(restoreTexts, texts, "restore.reason.unknown")(`restore.reason.${reason}`)),
    steps: then.map((step) => speak(restoreTexts, texts, "restore.step.unknown")(`restore.step.${step}`)),
  };
}

function bodyOf(
  say: Speak<typeof restoreTexts>,
  { route, reachesMs, pin }: RestoreRecommendation,
  dateOf: (atMs: number) => string,
): string {
  if (route === "archive" || route === "both") return say(`restore.${route}.body`, { date: dateOf(reachesMs) });
  return say(route === "historySync" && pin !== undefined ? "restore.historySync.body.offered" : `restore.${route}.body`);
}
