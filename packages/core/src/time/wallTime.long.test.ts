import { describe, expect, it } from "vitest";
import { dayMs, hourMs, instantOf, minuteMs, wallAt } from "./wallTime.ts";

const zones = Intl.supportedValuesOf("timeZone");
const fromMs = Date.UTC(2022, 0, 1);
const toMs = Date.UTC(2032, 0, 1);

describe("instantOf", () => {
  it("behavior: is the first instant at which the clock shows the time or a later one, around every jump of ten years, in every zone", () => {
    let jumps = 0;
    for (const timeZone of zones) {
      for (const [jumpMs, before, after] of jumpsOf(timeZone)) {
        jumps += 1;
        const middle = jumpMs + (before + after) / 2;
        for (const wallMs of [jumpMs + before, jumpMs + after, middle, middle - hourMs, middle + hourMs]) expectFirst(wallMs, timeZone);
      }
    }
    expect(jumps).toBeGreaterThan(2000);
  });
});

function expectFirst(wallMs: number, timeZone: string): void {
  const atMs = instantOf(wallMs, timeZone);
  const found = { reached: wallAt(atMs, timeZone) >= wallMs, early: wallAt(atMs - 1, timeZone) >= wallMs };
  if (!found.reached || found.early)
    expect({ timeZone, wall: new Date(wallMs).toISOString(), ...found }).toEqual({ reached: true, early: false });
}

/** Every jump of the ten years with the offsets before and after it; the two of a fast are a month apart. */
function jumpsOf(timeZone: string): [jumpMs: number, beforeMs: number, afterMs: number][] {
  const offset = (atMs: number) => wallAt(atMs, timeZone) - atMs;
  const jumps: [number, number, number][] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += 10 * dayMs) {
    if (offset(atMs) === offset(atMs + 10 * dayMs)) continue;
    let [lowMs, highMs] = [atMs, atMs + 10 * dayMs];
    while (highMs - lowMs > minuteMs) {
      const middleMs = Math.floor((lowMs + highMs) / 2 / minuteMs) * minuteMs;
      if (offset(middleMs) === offset(atMs)) lowMs = middleMs;
      else highMs = middleMs;
    }
    jumps.push([highMs, offset(lowMs), offset(highMs)]);
  }
  return jumps;
}
