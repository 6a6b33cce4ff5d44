import { describe, expect, it } from "vitest";
import type { MessageRange } from "../../ports/host.ts";
import { messagesPerSlice, planSlices } from "./planSlices.ts";

const day = 86_400_000_000_000n;
const span = { firstNs: 0n, lastNs: 100n * day };

/** Counts messages of the given times, with the bounds of an export. */
const counterOf =
  (times: readonly bigint[]) =>
  async ({ startNs, endNs }: MessageRange) =>
    times.filter((time) => (startNs === undefined || time > startNs) && (endNs === undefined || time <= endNs)).length;
const spread = (count: number, from: bigint, to: bigint) =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * BigInt(index)) / BigInt(count));

describe("planSlices", () => {
  it("default: few messages are one open slice", async () => {
    expect(await planSlices({}, span, counterOf(spread(100, 0n, span.lastNs)))).toEqual([{}]);
  });

  it.each([
    ["evenly spread", spread(30_000, 0n, span.lastNs)],
    ["all on the last day", spread(30_000, 99n * day, span.lastNs)],
    ["older than the first conversation", spread(30_000, -50n * day, 10n * day)],
  ])("behavior: messages %s lie in exactly one slice each", async (_name, times) => {
    const ranges = await planSlices({}, span, counterOf(times));
    const counts = await Promise.all(ranges.map(counterOf(times)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(times.length);
    expect(ranges[0]).not.toHaveProperty("startNs");
    expect(ranges.at(-1)).not.toHaveProperty("endNs");
    for (const [index, { startNs }] of ranges.entries()) if (index > 0) expect(startNs).toBe(ranges[index - 1]?.endNs);
  });

  it("behavior: slices hold about as many messages as they should", async () => {
    const times = spread(40_000, 0n, span.lastNs);
    const ranges = await planSlices({}, span, counterOf(times));
    const counts = await Promise.all(ranges.map(counterOf(times)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(messagesPerSlice * 1.1);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(messagesPerSlice * 0.9);
    expect(ranges).toHaveLength(8);
  });

  it("behavior: a busy hour in a quiet year is cut, the quiet year is not", async () => {
    const times = spread(20_000, 50n * day, 50n * day + 3_600_000_000_000n);
    const ranges = await planSlices({}, span, counterOf(times));
    expect(ranges).toHaveLength(4);
    const counts = await Promise.all(ranges.map(counterOf(times)));
    expect(Math.max(...counts)).toBeLessThanOrEqual(messagesPerSlice * 1.1);
  });

  it.each([
    ["even", 41_000, (part: number) => part],
    ["ever more", 60_000, (part: number) => Math.sqrt(part)],
    ["in two crowds", 50_000, (part: number) => (part < 0.5 ? 0.1 + part / 1_000 : 0.9 + part / 1_000)],
  ])("parameters: atOnce: slices of even size, a multiple of it, for messages that come %s", async (_name, total, at) => {
    const lastNs = Number(span.lastNs);
    const times = Array.from({ length: total }, (_, index) => BigInt(Math.round(at(index / total) * lastNs)));
    let counted = 0;
    const counter = counterOf(times);
    const ranges = await planSlices({}, span, (range) => ((counted += 1), counter(range)), { atOnce: 4 });
    expect(ranges.length % 4).toBe(0);
    const counts = await Promise.all(ranges.map(counter));
    expect(counts.reduce((sum, count) => sum + count)).toBe(total);
    expect(Math.max(...counts) / Math.min(...counts)).toBeLessThan(1.25);
    expect(counted).toBeLessThan(ranges.length * 5);
  });

  it("behavior: hundreds of thousands are in forty slices", async () => {
    const ranges = await planSlices({}, span, async ({ startNs = 0n, endNs = span.lastNs }) => Number(endNs - startNs) / 1e10);
    expect(ranges).toHaveLength(40);
  });

  it("behavior: messages of one moment end the cutting", async () => {
    const ranges = await planSlices({}, span, counterOf(Array.from({ length: 50_000 }, () => 5n * day)));
    expect(ranges.length).toBeLessThanOrEqual(20);
  });

  it("parameters: range: the slices keep its start and its end", async () => {
    const times = spread(20_000, 0n, span.lastNs);
    const ranges = await planSlices({ startNs: 10n * day, endNs: 90n * day }, span, counterOf(times));
    expect([ranges[0]?.startNs, ranges.at(-1)?.endNs]).toEqual([10n * day, 90n * day]);
    const counts = await Promise.all(ranges.map(counterOf(times)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(await counterOf(times)({ startNs: 10n * day, endNs: 90n * day }));
  });
});
