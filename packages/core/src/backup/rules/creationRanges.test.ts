import { describe, expect, it } from "vitest";
import { creationRanges } from "./creationRanges.ts";
import { isWithin } from "./timeRanges.ts";

const second = 1_000_000_000n;
const hour = 3600n * second;

describe("creationRanges", () => {
  it("default: a tiny range around each moment, in order, and neighbours within a minute are one", () => {
    expect(creationRanges([9n * hour, 5n * hour, 5n * hour + 20n * second, 5n * hour])).toEqual([
      { startNs: 5n * hour - 1n, endNs: 5n * hour + 20n * second + 1n },
      { startNs: 9n * hour - 1n, endNs: 9n * hour + 1n },
    ]);
    expect(creationRanges([])).toEqual([]);
  });

  it("behavior: one moment and the next nanosecond are one range", () => {
    expect(creationRanges([7n, 8n], { messagesIn: () => 1e9 })).toEqual([{ startNs: 6n, endNs: 9n }]);
  });

  it("parameters: messagesIn: joins where a scan costs more than what lies between", () => {
    const times = [0n, 1n, 2n, 30n].map((hours) => hours * hour);
    const messagesIn = ({ startNs, endNs }: { startNs: bigint; endNs: bigint }) => Number((endNs - startNs) / hour) * 10;
    expect(creationRanges(times, { messagesIn })).toEqual([
      { startNs: -1n, endNs: 2n * hour + 1n },
      { startNs: 30n * hour - 1n, endNs: 30n * hour + 1n },
    ]);
  });

  it("parameters: most: joins across the shortest gaps, and every moment stays within", () => {
    const times = Array.from({ length: 40 }, (_, index) => BigInt(index * index) * hour);
    for (const most of [1, 2, 7, 39, 40, 100]) {
      const ranges = creationRanges(times, { most });
      expect(ranges).toHaveLength(Math.min(most, 40));
      for (const timeNs of times) expect(ranges.filter((range) => isWithin(timeNs, range))).toHaveLength(1);
      for (const [index, { startNs }] of ranges.entries()) expect(startNs).toBeGreaterThan(ranges[index - 1]?.endNs ?? -2n);
    }
    expect(creationRanges(times, { most: 2 })[1]).toEqual({ startNs: 1521n * hour - 1n, endNs: 1521n * hour + 1n });
  });
});
