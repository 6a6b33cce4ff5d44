import { describe, expect, it } from "vitest";
import { sampleConversations } from "./sampleConversations.ts";

const countsOf = (sizes: readonly number[]) => new Map(sizes.map((messages, index) => [`${index}`, messages]));

describe("sampleConversations", () => {
  it("default: few conversations are all asked, each for itself", () => {
    expect(sampleConversations(countsOf([1, 5, 3]))).toEqual([
      { id: "1", weight: 1 },
      { id: "2", weight: 1 },
      { id: "0", weight: 1 },
    ]);
    expect(sampleConversations(new Map())).toEqual([]);
  });

  it.each([
    ["alike", Array.from({ length: 5_000 }, () => 10)],
    ["a long tail", Array.from({ length: 5_000 }, (_, index) => Math.ceil(20_000 / (index + 1)))],
  ])("behavior: of thousands, 64 stand for all messages: %s", (_name, sizes) => {
    const counts = countsOf(sizes);
    const sampled = sampleConversations(counts);
    expect(sampled).toHaveLength(64);
    expect(new Set(sampled.map(({ id }) => id)).size).toBe(64);
    const total = sizes.reduce((sum, messages) => sum + messages);
    const estimated = sampled.reduce((sum, { id, weight }) => sum + weight * (counts.get(id) ?? 0), 0);
    expect(Math.abs(estimated - total) / total).toBeLessThan(0.01);
  });

  it("behavior: the small ones are among them", () => {
    const sampled = sampleConversations(countsOf([...Array.from({ length: 100 }, () => 1_000), ...Array.from({ length: 900 }, () => 2)]));
    expect(sampled.filter(({ id }) => Number(id) >= 100).length).toBeGreaterThan(20);
  });
});
