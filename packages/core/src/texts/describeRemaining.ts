import type { Progress } from "../tasks/progress.ts";
import { remainingTexts } from "./english/remainingTexts.ts";
import { speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Says how long a stage still takes, such as "about 4 minutes left"; undefined while nobody knows.
 *
 * @example
 * ```ts
 * import { type Backups, describeRemaining } from "@xmtp-backup/core";
 *
 * function backUp(backups: Backups, show: (line: string) => void): void {
 *   const task = backups.backup();
 *   task.subscribe(() => {
 *     const state = task.getState();
 *     if (state.status === "running") show(describeRemaining(state.progress) ?? "");
 *   });
 * }
 * ```
 */
export function describeRemaining(progress: Progress, { texts }: TextOptions = {}): string | undefined {
  if (progress.kind === "indeterminate" || progress.remainingMs === undefined) return undefined;
  const say = speak(remainingTexts, texts);
  const { remainingMs } = progress;
  if (remainingMs < 0.75 * minuteMs) return say("remaining.seconds");
  if (remainingMs < 59.5 * minuteMs) return say("remaining.minutes", { count: Math.round(remainingMs / minuteMs) });
  return say("remaining.hours", { count: Math.round(remainingMs / hourMs) });
}
