import { describe, expect, it } from "vitest";
import { tracked } from "../../../test/trackedConversation.ts";
import { beginRecreating, canRecreate, failRecreating, recreatable, recreatableUnasked } from "./recreating.ts";
import { hourMs } from "../../time/wallTime.ts";

const dm = (id: string, change: Parameters<typeof tracked>[1] = {}) => tracked(id, { peerInboxId: `peer of ${id}`, ...change });

describe("recreating", () => {
  it("default: suggests the DMs that wait, the most recently used first", () => {
    const conversations = [
      dm("a", { lastMessageMs: 1 }),
      tracked("group"),
      dm("b", { lastMessageMs: 3 }),
      dm("c"),
      dm("d", { lastMessageMs: 2, status: "stalled" }),
    ];
    expect(recreatable(conversations).map(({ id }) => id)).toEqual(["b", "d", "a", "c"]);
  });

  it.each(["active", "dismissed", "recreating"] as const)("behavior: not what is %s", (status) => {
    expect(recreatable([dm("a", { status })])).toEqual([]);
    expect(canRecreate(dm("a", { status }))).toBe(false);
  });

  it("behavior: never with somebody who was denied, and with a message request only by name", () => {
    expect(canRecreate(dm("a", { consent: "denied" }))).toBe(false);
    expect(recreatable([dm("a", { consent: "unknown" })])).toEqual([]);
    expect(canRecreate(dm("a", { consent: "unknown" }))).toBe(true);
  });

  it("behavior: what failed is tried by itself again after an hour, three times in all", () => {
    let conversation = dm("a");
    const triesAtMs: number[] = [];
    for (let nowMs = 0; nowMs < 10 * hourMs; nowMs += hourMs / 4) {
      if (recreatableUnasked([conversation], nowMs).length === 0) continue;
      triesAtMs.push(nowMs);
      conversation = failRecreating(beginRecreating(conversation), { nowMs, code: "HOST_FAILED" });
    }
    expect(triesAtMs).toEqual([0, hourMs, 2 * hourMs]);
    expect(conversation).toMatchObject({ status: "waiting", recreating: { tries: 3, triedAtMs: 2 * hourMs, code: "HOST_FAILED" } });
    expect(recreatable([conversation])).toHaveLength(1);
  });

  it("behavior: a peer who turns out to be denied is not tried again by itself", () => {
    const conversation = failRecreating(beginRecreating(dm("a")), { nowMs: 5, isDenied: true });
    expect([conversation.isPersonDenied, recreatable([conversation]), canRecreate(conversation)]).toEqual([true, [], true]);
  });
});
