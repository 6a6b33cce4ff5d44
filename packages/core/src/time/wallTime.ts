/**
 * What a clock on the wall shows, counted in milliseconds as if that clock stood in UTC.
 *
 * Days and months of wall time have no jumps; only the way from a wall time to an instant knows the zone.
 */
export type WallMs = number;

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Two zones of the same moment differ by at most this much: UTC+14 and UTC-12. */
export const widestZonesMs = 26 * hourMs;

/** What a clock in `timeZone` shows at `atMs`; instants before 1970 read as 1970. */
export function wallAt(atMs: number, timeZone: string): WallMs {
  const instantMs = Math.min(Math.max(atMs, 0), latestMs);
  return instantMs + offsetAt(instantMs, timeZone);
}

/**
 * The first instant at which a clock in `timeZone` shows `wallMs` or later.
 *
 * A wall time that the clock jumps over is the moment of the jump; one that it shows twice is the first of the two.
 */
export function instantOf(wallMs: WallMs, timeZone: string): number {
  const beforeMs = offsetAt(wallMs - dayMs, timeZone);
  const afterMs = offsetAt(wallMs + dayMs, timeZone);
  const earliestMs = wallMs - Math.max(beforeMs, afterMs);
  const latestMs = wallMs - Math.min(beforeMs, afterMs);
  if (earliestMs === latestMs || wallAt(earliestMs, timeZone) === wallMs) return earliestMs;
  if (wallAt(latestMs, timeZone) === wallMs) return latestMs;
  return jumpBetween(earliestMs, latestMs, wallMs, timeZone);
}

/** The start of the day that `wallMs` is in. */
export function dayOf(wallMs: WallMs): WallMs {
  return Math.floor(wallMs / dayMs) * dayMs;
}

function jumpBetween(fromMs: number, toMs: number, wallMs: WallMs, timeZone: string): number {
  let lowMs = fromMs;
  let highMs = toMs;
  while (highMs - lowMs > 1) {
    const middleMs = Math.floor((lowMs + highMs) / 2);
    if (wallAt(middleMs, timeZone) < wallMs) lowMs = middleMs;
    else highMs = middleMs;
  }
  return highMs;
}

/** The last instant that a `Date` holds, less two days for the offset. */
const latestMs = 8_640_000_000_000_000 - 2 * dayMs;

type Zone = {
  format: Intl.DateTimeFormat;
  /** The offset of each day that begins and ends with the same one; NaN for a day with a jump in it. */
  offsets: Map<number, number>;
};

/** Asking the engine is slow: making a format takes 50 µs and using it 1.5 µs. So both are remembered, for a few years of days. */
const zones = new Map<string, Zone>();
const rememberedDays = 1500;

/** How far the clock in a zone is ahead of UTC. */
function offsetAt(atMs: number, timeZone: string): number {
  const zone = zoneCalled(timeZone);
  const instantMs = Math.max(atMs, 0);
  const day = Math.floor(instantMs / dayMs);
  let offsetMs = zone.offsets.get(day);
  if (offsetMs === undefined) {
    offsetMs = readOffset(zone, day * dayMs);
    if (readOffset(zone, (day + 1) * dayMs) !== offsetMs) offsetMs = NaN;
    if (zone.offsets.size >= rememberedDays) zone.offsets.clear();
    zone.offsets.set(day, offsetMs);
  }
  return Number.isNaN(offsetMs) ? readOffset(zone, instantMs) : offsetMs;
}

type Fields = [month: number, day: number, year: number, hour: number, minute: number, second: number];

function readOffset({ format }: Zone, atMs: number): number {
  const [month, day, year, hour, minute, second] = (format.format(atMs).match(/\d+/g) ?? []).map(Number) as Fields;
  return Date.UTC(year, month - 1, day, hour % 24, minute, second) - atMs + (atMs % 1000);
}

function zoneCalled(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (!zone) {
    const [numeric, hourCycle] = ["numeric", "h23"] as const;
    const date = { year: numeric, month: numeric, day: numeric } as const;
    const time = { hourCycle, hour: numeric, minute: numeric, second: numeric } as const;
    zone = { format: new Intl.DateTimeFormat("en-US", { timeZone, ...date, ...time }), offsets: new Map() };
    zones.set(timeZone, zone);
  }
  return zone;
}
