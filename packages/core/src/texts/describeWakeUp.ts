import type { Installation } from "../ports/installation.ts";
import { wakeUpTexts } from "./english/wakeUpTexts.ts";
import { formatDay } from "./formatTime.ts";
import { type Speak, speak } from "./speak.ts";
import type { TextOptions } from "./textCatalogue.ts";

/** An installation of the user, and whether the restored archive came from it. */
export type WakeableInstallation = Installation & {
  /** @default false */
  isSource?: boolean | undefined;
};

/** What asks the user to open the app on another device. */
export type WakeUpText = {
  title: string;
  /** What to do there and what it brings. */
  body: string;
  /** What to do when that brings nothing; absent when there is no other device. */
  otherwise?: string;
  /** The user did it, or can't; absent when there is no other device. */
  confirm?: string;
  cancel?: string;
  /** The devices, the one that the archive came from first, then the newest. */
  installations: { id: string; label: string }[];
};

export type WakeUpTextOptions = TextOptions & {
  /** The IANA zone of the days. */
  timeZone: string;
};

/**
 * Asks the user to open the app on another device, which lets this one into conversations, and says which devices there are.
 *
 * @example
 * ```ts
 * import { describeWakeUp, type WakeableInstallation } from "@xmtp-backup/core";
 *
 * function devices(installations: readonly WakeableInstallation[]): string[] {
 *   return describeWakeUp(installations, { timeZone: "Europe/Lisbon" }).installations.map(({ label }) => label);
 * }
 * ```
 */
export function describeWakeUp(installations: readonly WakeableInstallation[], { texts, timeZone }: WakeUpTextOptions): WakeUpText {
  const say = speak(wakeUpTexts, texts);
  const style = { timeZone, locale: texts?.locale ?? "en" };
  const others = installations.filter(({ isOwn }) => !isOwn).sort(compareLikeliestFirst);
  if (others.length === 0) return { title: say("wakeUp.alone.title"), body: say("wakeUp.alone.body"), installations: [] };
  return {
    title: say("wakeUp.title"),
    body: say("wakeUp.body"),
    otherwise: say("wakeUp.otherwise"),
    confirm: say("wakeUp.confirm"),
    cancel: say("wakeUp.cancel"),
    installations: others.map((installation) => ({ id: installation.id, label: labelOf(say, installation, style) })),
  };
}

function labelOf(
  say: Speak<typeof wakeUpTexts>,
  { isSource = false, createdAtMs }: WakeableInstallation,
  style: Parameters<typeof formatDay>[1],
): string {
  const key = isSource ? "wakeUp.source" : "wakeUp.other";
  return createdAtMs === undefined ? say(key) : say(`${key}.dated`, { date: formatDay(createdAtMs, style) });
}

function compareLikeliestFirst(a: WakeableInstallation, b: WakeableInstallation): number {
  return Number(b.isSource ?? false) - Number(a.isSource ?? false) || (b.createdAtMs ?? 0) - (a.createdAtMs ?? 0);
}
