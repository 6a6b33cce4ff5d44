import type { Cron } from "croner";
import { BackupError } from "../../errors/backupError.ts";
import type { Calendar } from "./calendar.ts";

/**
 * A cron pattern as a calendar of wall times.
 *
 * The library reads the pattern in UTC, that is on the wall: the zone, its jumps and every timer stay ours.
 *
 * @throws POLICY_INVALID when the library does not understand the pattern
 */
export function toCronCalendar(pattern: string, library: typeof Cron): Calendar {
  const cron = parse(pattern, library);
  return {
    key: `cron ${pattern}`,
    name: "cron",
    nextWallMs: (afterWallMs) => cron.nextRun(new Date(afterWallMs))?.getTime(),
  };
}

function parse(pattern: string, library: typeof Cron): Cron {
  try {
    return new library(pattern, { paused: true, timezone: "UTC", mode: "5-part" });
  } catch (cause) {
    throw new BackupError("POLICY_INVALID", `The cron pattern ${JSON.stringify(pattern)} is not understood.`, { cause });
  }
}
