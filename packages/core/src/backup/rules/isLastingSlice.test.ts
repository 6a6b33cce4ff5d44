import { describe, expect, it } from "vitest";
import { isLastingSlice, unsentIn } from "./isLastingSlice.ts";

const hourMs = 60 * 60 * 1000;
const exportedAtMs = 1_767_225_600_000;
const endingBefore = (beforeMs: number) => ({ startNs: 1n, endNs: BigInt(exportedAtMs - beforeMs) * 1_000_000n });

describe("isLastingSlice", () => {
  it("default: one that ends an hour before its export, and whose messages were all sent", () => {
    expect(isLastingSlice(endingBefore(hourMs), { exportedAtMs, unsent: 0 })).toBe(true);
    expect(isLastingSlice({ endNs: 1n }, { exportedAtMs, unsent: 0 })).toBe(true);
  });

  it.each([
    ["without an end", { startNs: 1n }, 0],
    ["that is open on both sides", {}, 0],
    ["that ends later than that", endingBefore(hourMs - 1), 0],
    ["that ends after its export", endingBefore(-hourMs), 0],
    ["with a message that was not sent", endingBefore(hourMs), 1],
  ])("behavior: one %s is none", (_which, range, unsent) => {
    expect(isLastingSlice(range, { exportedAtMs, unsent })).toBe(false);
  });
});

describe("unsentIn", () => {
  it("default: those of conversations, and of others", () => {
    const conversation = { id: "a", type: "group", messageCount: 3 } as const;
    expect(unsentIn({ conversations: [conversation, { ...conversation, unsent: 2 }], orphans: [{ ...conversation, unsent: 1 }] })).toBe(3);
  });
});
