import type { RetentionPeriod, RetentionReason } from "./retentionReason.ts";
import { addDuration, type Duration } from "../../time/duration.ts";
import { type Keep, type KeepCount, keepRules } from "./keep.ts";
import { dayMs, dayOf, hourMs, instantOf, wallAt, type WallMs } from "../../time/wallTime.ts";

/** The rules of one plan; they count, so they must be asked from the newest archive to the oldest. */
export type Rules = {
  /**
   * Every reason to keep the next archive; none when no rule does.
   *
   * @param provenMs - its date without the unproven gaps after it. @default `createdAtMs`
   */
  keep(createdAtMs: number, isOldest: boolean, provenMs?: number): readonly RetentionReason[];
  /** Said of an archive that no rule keeps. */
  otherwise: readonly RetentionReason[];
};

type RuleName = (typeof keepRules)[number];

type Counter = {
  count: KeepCount;
  kept: number;
  period: RetentionPeriod;
  /** Where the period of the archive that was kept last begins; the next one to keep is older. */
  startMs: number;
  startOf: ((wallMs: WallMs) => WallMs) | undefined;
};

const none: readonly RetentionReason[] = Object.freeze([]);
const noRule: readonly RetentionReason[] = Object.freeze([{ reason: "noRule" }]);

/**
 * The rules of `keep` as counters.
 *
 * Only the start of a period that is kept is worked out, so that ten thousand archives cost no more calendar than a few.
 */
export function createKeepRules(keep: Keep, timeZone: string, newestMs: number): Rules {
  const counters = keepRules
    .filter((rule) => keep[rule])
    .map((rule): Counter => ({ count: keep[rule] ?? 0, kept: 0, startMs: Infinity, ...periods[rule] }));
  const withinMs = keep.within === undefined ? Infinity : withinMsOf(keep.within, timeZone, newestMs);
  let open = counters;
  /** Where the latest of the kept periods begins: an archive from then on is in a period of every rule that is kept already. */
  let nextMs = Infinity;

  function ask(counter: Counter, createdAtMs: number, isOldest: boolean): RetentionReason | undefined {
    const { count, period, startOf } = counter;
    const isNext = createdAtMs < counter.startMs;
    if (!isNext && !isOldest) return undefined;
    counter.kept += 1;
    if (counter.kept === count) open = open.filter((other) => other !== counter);
    if (!startOf) return count === "all" ? { reason: "all" } : { reason: "last", place: counter.kept, of: count };
    if (!isNext) return { reason: "oldest", period, of: count };
    counter.startMs = instantOf(startOf(wallAt(createdAtMs, timeZone)), timeZone);
    return { reason: "period", period, place: counter.kept, of: count };
  }

  return {
    keep(createdAtMs, isOldest, provenMs = createdAtMs) {
      if (createdAtMs >= nextMs && provenMs <= withinMs && !isOldest) return none;
      let reasons: RetentionReason[] | undefined;
      for (const counter of open) {
        const reason = ask(counter, createdAtMs, isOldest);
        if (reason !== undefined) (reasons ??= []).push(reason);
      }
      nextMs = open.reduce((latestMs, { startMs }) => Math.max(latestMs, startMs), -Infinity);
      if (provenMs > withinMs) (reasons ??= []).push({ reason: "within", within: keep.within ?? "", isByDate: createdAtMs > withinMs });
      return reasons ?? none;
    },
    otherwise: noRule,
  };
}

/** Since when an archive counts as made within a time before the newest, in milliseconds since 1970. */
export function withinMsOf(within: Duration, timeZone: string, newestMs: number): number {
  return instantOf(addDuration(wallAt(newestMs, timeZone), within, -1), timeZone);
}

const periods = {
  last: { period: "hour", startOf: undefined },
  hourly: { period: "hour", startOf: (wallMs) => Math.floor(wallMs / hourMs) * hourMs },
  daily: { period: "day", startOf: dayOf },
  weekly: { period: "week", startOf: (wallMs) => dayOf(wallMs) - ((Math.floor(wallMs / dayMs) + 3) % 7) * dayMs },
  monthly: { period: "month", startOf: (wallMs) => startOfMonth(wallMs, new Date(wallMs).getUTCMonth()) },
  yearly: { period: "year", startOf: (wallMs) => startOfMonth(wallMs, 0) },
} as const satisfies Record<RuleName, Pick<Counter, "period" | "startOf">>;

function startOfMonth(wallMs: WallMs, month: number): WallMs {
  return Date.UTC(new Date(wallMs).getUTCFullYear(), month, 1);
}
