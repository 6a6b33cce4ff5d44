import type { UnmetCondition } from "./nextRunReason.ts";
import type { KnownConditions } from "../../ports/knownConditions.ts";
import { dailyCalendar } from "./calendar.ts";
import { nextRun } from "./nextRun.ts";
import { timeOfDayMs } from "../../time/timeOfDay.ts";
import { dayOf, wallAt } from "../../time/wallTime.ts";
import type { Conditions, QuietWindow } from "./conditions.ts";

/** The conditions that do not hold; what is not known counts as held. */
export function unmetConditions(conditions: Conditions, known: KnownConditions, nowMs: number, timeZone: string): UnmetCondition[] {
  const { network = "any", charging = false, quietWindow } = conditions;
  const unmet: UnmetCondition[] = [];
  if (network !== "any") {
    const reason = whyNetworkIsUnfit(network, known);
    if (reason) unmet.push({ condition: "network", reason });
  }
  if (charging && known.charging === false) unmet.push({ condition: "charging", reason: "notCharging" });
  if (quietWindow) {
    const { from, to } = quietWindow;
    const wallMs = wallAt(nowMs, timeZone);
    if (!isWithin(quietWindow, wallMs - dayOf(wallMs))) {
      const metAtMs = nextRun(dailyCalendar(from), nowMs, timeZone);
      unmet.push({ condition: "quietWindow", reason: "outsideWindow", from, to, ...(metAtMs !== undefined && { metAtMs }) });
    }
  }
  return unmet;
}

/** Whether a time of day lies within the window; its end does not belong to it. */
export function isWithin({ from, to }: QuietWindow, sinceMidnightMs: number): boolean {
  const fromMs = timeOfDayMs(from);
  const toMs = timeOfDayMs(to);
  return fromMs < toMs ? sinceMidnightMs >= fromMs && sinceMidnightMs < toMs : sinceMidnightMs >= fromMs || sinceMidnightMs < toMs;
}

function whyNetworkIsUnfit(
  network: "unmetered" | "wifi",
  { online, metered, wifi }: KnownConditions,
): "offline" | "notWifi" | "metered" | undefined {
  if (online === false) return "offline";
  if (network === "wifi") return wifi === false ? "notWifi" : undefined;
  return metered === true ? "metered" : undefined;
}

/** When the conditions may hold, as far as that is known; in milliseconds since 1970. */
export function metAtMs(unmet: readonly UnmetCondition[]): number | undefined {
  for (const each of unmet) if (each.condition === "quietWindow" && each.metAtMs !== undefined) return each.metAtMs;
  return undefined;
}
