import { type Calendar, loadCalendar, nextRun, normalizePolicy, type QuietWindow } from "@xmtp-backup/core";
import { type DaySpan, defaultScenario, type Scenario } from "./scenario.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

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

export async function createWorld(scenario: Scenario): Promise<World> {
  const {
    startMs,
    days,
    timeZone,
    moves,
    clockJumps,
    messagesPerDay,
    heavyDays,
    conversationsPerDay,
    asleep,
    offline,
    storeFull,
    events,
    awake,
  } = {
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
  const [wakes, sleeps] = awake ? await Promise.all([awake.from, awake.to].map(loadDaily)) : [];
  const isDaytime = (trueMs: number, zone: string) =>
    !wakes || !sleeps || comesNext(sleeps, trueMs, zone) <= comesNext(wakes, trueMs, zone);

  return {
    startMs,
    endMs: startMs + days * dayMs,
    at(trueMs) {
      const day = dayAt(trueMs);
      const zone = zoneAt(day);
      return {
        timeZone: zone,
        skewMs: clockJumps.reduce((sumMs, jump) => sumMs + (jump.day <= day ? jump.byMs : 0), 0),
        isAwake: !within(asleep, day) && isDaytime(trueMs, zone),
        isOnline: !within(offline, day),
        isStoreFull: within(storeFull, day),
      };
    },
    nextChangeMs(trueMs) {
      const zone = zoneAt(dayAt(trueMs));
      const hourEdges = [wakes, sleeps].map((hour) => (hour ? comesNext(hour, trueMs, zone) : Infinity));
      return Math.min(trueMs + longestLookMs, ...edges.filter((edgeMs) => edgeMs > trueMs), ...hourEdges);
    },
    arrivedBy(trueMs) {
      const day = dayAt(trueMs);
      const extra = heavyDays.map(
        ({ fromDay, toDay, messagesPerDay: heavy }) => Math.max(0, Math.min(day, toDay) - fromDay) * (heavy - messagesPerDay),
      );
      const messages = extra.reduce((sum, more) => sum + more, day * messagesPerDay);
      return { messages: Math.floor(messages), conversations: Math.floor(day * conversationsPerDay) };
    },
  };
}

/** A time of day as a schedule, so that it follows the changes of the clock as the policy's own times do. */
function loadDaily(at: QuietWindow["from"]): Promise<Calendar> {
  return loadCalendar(normalizePolicy({ frequency: "daily", at }));
}

function comesNext(calendar: Calendar, trueMs: number, timeZone: string): number {
  return nextRun(calendar, trueMs, timeZone) ?? Infinity;
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
