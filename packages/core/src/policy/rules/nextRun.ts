import type { Calendar } from "./calendar.ts";
import { instantOf, wallAt } from "../../time/wallTime.ts";

/**
 * When a schedule is due next in a time zone: strictly after `afterMs`, or undefined when it never is again.
 *
 * A time that the clock jumps over is due at the jump; one that the clock shows twice is due the first time.
 *
 * @example
 * ```ts
 * import { loadCalendar, nextRun, normalizePolicy } from "@xmtp-backup/core";
 *
 * const calendar = await loadCalendar(normalizePolicy({ frequency: "monthly", dayOfMonth: 31 }));
 * const atMs = nextRun(calendar, Date.UTC(2026, 1, 1), "Europe/Lisbon");
 * console.log(new Date(atMs ?? 0).toISOString()); // 2026-02-28T02:00:00.000Z
 * ```
 */
export function nextRun(calendar: Calendar, afterMs: number, timeZone: string): number | undefined {
  let wallMs = wallAt(afterMs, timeZone);
  for (;;) {
    const nextWallMs = calendar.nextWallMs(wallMs);
    if (nextWallMs === undefined) return undefined;
    const atMs = instantOf(nextWallMs, timeZone);
    if (atMs > afterMs) return atMs;
    wallMs = nextWallMs;
  }
}
