import { dailyCalendar } from "./calendar.ts";
import type { QuietWindow } from "./conditions.ts";
import { isWithin } from "./unmetConditions.ts";
import { nextRun } from "./nextRun.ts";
import { dayMs, dayOf, hourMs, minuteMs, wallAt } from "../../time/wallTime.ts";

/** From one day of the scenario up to another one; days count from its start and may have fractions. */
export type DaySpan = { fromDay: number; toDay: number };

/** A stretch of somebody's life that a policy is tried on. */
export type Scenario = {
  /** Milliseconds since 1970. @default 2026-01-01T12:00Z */
  startMs?: number;
  /** @default 365 */
  days?: number;
  /** Where it begins, an IANA zone. @default "UTC" */
  timeZone?: string;
  /** Journeys to other zones. @default none */
  moves?: readonly { day: number; timeZone: string }[];
  /** Times at which the device's clock jumps, by milliseconds back or forth. @default none */
  clockJumps?: readonly { day: number; byMs: number }[];
  /** The client never has a conversation, so that there is nothing to back up first. @default false */
  isEmpty?: boolean;
  /** @default 20 */
  messagesPerDay?: number;
  /** Days with more or fewer messages. @default none */
  heavyDays?: readonly (DaySpan & { messagesPerDay: number })[];
  /** Newly active conversations. @default 0.1 */
  conversationsPerDay?: number;
  /** The hours of each day in which the device is awake. @default always */
  awake?: QuietWindow;
  /** @default none */
  asleep?: readonly DaySpan[];
  /** @default none */
  offline?: readonly DaySpan[];
  /** The store refuses what is put into it; the user makes room at the end. @default none */
  storeFull?: readonly DaySpan[];
  /** @default none */
  events?: readonly { day: number; event: string }[];
  /** The store is reached over the network. @default true */
  remoteStore?: boolean;
  /** How long a backup takes. @default 120000 */
  backupMs?: number;
  /** Two runs with the same seed have the same chances. @default 1 */
  seed?: number;
};

export const defaultScenario = {
  startMs: Date.UTC(2026, 0, 1, 12),
  days: 365,
  timeZone: "UTC",
  moves: [],
  clockJumps: [],
  isEmpty: false,
  messagesPerDay: 20,
  heavyDays: [],
  conversationsPerDay: 0.1,
  asleep: [],
  offline: [],
  storeFull: [],
  events: [],
  remoteStore: true,
  backupMs: 2 * minuteMs,
  seed: 1,
} as const satisfies Scenario;

/** What a device finds around it at one instant. */
export type Surroundings = { timeZone: string; skewMs: number; isAwake: boolean; isOnline: boolean; isStoreFull: boolean };

/** A scenario as a function of true time, in milliseconds since 1970. */
export type World = {
  startMs: number;
  endMs: number;
  at(trueMs: number): Surroundings;
  /** The next instant at which something changes or is worth a look; never later than six hours. */
  nextChangeMs(trueMs: number): number;
  /** Messages and newly active conversations from the start up to an instant. */
  arrivedBy(trueMs: number): { messages: number; conversations: number };
};

const longestLookMs = 6 * hourMs;

export function createWorld(scenario: Scenario): World {
  const { startMs, days, timeZone, moves, clockJumps, messagesPerDay, heavyDays, conversationsPerDay, asleep, offline, storeFull, events, awake } = {
    ...defaultScenario,
    awake: undefined,
    ...scenario,
  };
  const dayAt = (trueMs: number) => (trueMs - startMs) / dayMs;
  const within = (spans: readonly DaySpan[], day: number) => spans.some(({ fromDay, toDay }) => day >= fromDay && day < toDay);
  const zoneAt = (day: number) => moves.filter((move) => move.day <= day).at(-1)?.timeZone ?? timeZone;
  const edges = [
    ...[...heavyDays, ...asleep, ...offline, ...storeFull].flatMap(({ fromDay, toDay }) => [fromDay, toDay]),
    ...[...moves, ...clockJumps, ...events].map(({ day }) => day),
  ].map((day) => startMs + day * dayMs);
  const hours = awake ? [dailyCalendar(awake.from), dailyCalendar(awake.to)] : [];

  return {
    startMs,
    endMs: startMs + days * dayMs,
    at(trueMs) {
      const day = dayAt(trueMs);
      const zone = zoneAt(day);
      const wallMs = wallAt(trueMs, zone);
      return {
        timeZone: zone,
        skewMs: clockJumps.reduce((sumMs, jump) => sumMs + (jump.day <= day ? jump.byMs : 0), 0),
        isAwake: !within(asleep, day) && (!awake || isWithin(awake, wallMs - dayOf(wallMs))),
        isOnline: !within(offline, day),
        isStoreFull: within(storeFull, day),
      };
    },
    nextChangeMs(trueMs) {
      const zone = zoneAt(dayAt(trueMs));
      const hourEdges = hours.map((calendar) => nextRun(calendar, trueMs, zone) ?? Infinity);
      return Math.min(trueMs + longestLookMs, ...edges.filter((edgeMs) => edgeMs > trueMs), ...hourEdges);
    },
    arrivedBy(trueMs) {
      const day = dayAt(trueMs);
      const extra = heavyDays.map(({ fromDay, toDay, messagesPerDay: heavy }) => Math.max(0, Math.min(day, toDay) - fromDay) * (heavy - messagesPerDay));
      const messages = extra.reduce((sum, more) => sum + more, day * messagesPerDay);
      return { messages: Math.floor(messages), conversations: Math.floor(day * conversationsPerDay) };
    },
  };
}

/** When this many more messages will have arrived, to the minute; Infinity when not before the next change. */
export function arrivalMs(world: World, fromMs: number, messages: number): number {
  const wanted = world.arrivedBy(fromMs).messages + messages;
  let [lowMs, highMs] = [fromMs, world.nextChangeMs(fromMs)];
  if (messages <= 0 || world.arrivedBy(highMs).messages < wanted) return Infinity;
  while (highMs - lowMs > minuteMs) {
    const middleMs = Math.floor((lowMs + highMs) / 2);
    if (world.arrivedBy(middleMs).messages < wanted) lowMs = middleMs;
    else highMs = middleMs;
  }
  return highMs;
}
