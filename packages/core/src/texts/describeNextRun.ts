import type { NextRun, UnmetCondition } from "../policy/rules/nextRunReason.ts";
import { describeMaybeDue } from "./describeDue.ts";
import { nextRunTexts } from "./english/nextRunTexts.ts";
import { formatTime } from "./formatTime.ts";
import { type Speak, speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** What a screen shows of the next backup. */
export type NextRunText = {
  /** What it is and what it waits for: one or a few sentences. */
  text: string;
  /** The day and time; absent when it waits for something that has none. */
  when?: string;
};

export type NextRunTextOptions = TextOptions & {
  /** The IANA zone of the times. */
  timeZone: string;
};

/**
 * Says when the next backup is decided on, and what it waits for.
 *
 * @example
 * ```ts
 * import { type Backups, describeNextRun } from "@xmtp-backup/core";
 *
 * function showNext(backups: Backups, show: (line: string) => void): void {
 *   backups.status$.subscribe(({ nextRun }) => {
 *     if (!nextRun) return;
 *     const { text, when } = describeNextRun(nextRun, { timeZone: "Europe/Lisbon" });
 *     show(when === undefined ? text : `${when}: ${text}`);
 *   });
 * }
 * ```
 */
export function describeNextRun(nextRun: NextRun, { texts, timeZone }: NextRunTextOptions): NextRunText {
  const say = speak(nextRunTexts, texts, "nextRun.unknown");
  const sayUnmet = speak(nextRunTexts, texts, "unmet.unknown");
  const { atMs } = nextRun;
  return { text: textOf(), ...(atMs !== undefined && { when: formatTime(atMs, { timeZone, locale: texts?.locale ?? "en" }) }) };

  function textOf(): string {
    // Another version of the app may say why in another way.
    const due = "due" in nextRun ? nextRun.due : undefined;
    switch (nextRun.why) {
      case "running":
      case "never":
        return say(`nextRun.${nextRun.why}`);
      case "schedule":
        return say(`nextRun.schedule.${nextRun.schedule}`);
      case "backoff":
        return `${describeMaybeDue(due, { texts })} ${say("nextRun.backoff", { count: nextRun.failures })}`;
      case "conditions":
        return [describeMaybeDue(due, { texts }), ...unmetOf(nextRun).map((unmet) => textOfUnmet(sayUnmet, unmet))].join(" ");
      case "due":
      case "settling":
      case "pause":
      case "user":
        return `${describeMaybeDue(due, { texts })} ${say(`nextRun.${nextRun.why}`)}`;
      default:
        return say("nextRun.unknown");
    }
  }
}

function unmetOf({ unmet = [] }: { unmet?: readonly UnmetCondition[] }): readonly UnmetCondition[] {
  return unmet;
}

function textOfUnmet(say: Speak<typeof nextRunTexts>, unmet: UnmetCondition): string {
  if (unmet.condition !== "quietWindow") return say(`unmet.${unmet.reason}`);
  const { from, to } = unmet;
  return say("unmet.outsideWindow", { from, to });
}
