import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listed, ownInboxId, ownInstallationId, tracked } from "../../../test/trackedConversation.ts";
import type { HostConversation } from "../../ports/hostConversation.ts";
import { type ActivationMemory, emptyActivationMemory, isActivationMemory } from "./activationMemory.ts";
import {
  isSettled,
  recordAwaited,
  recordImport,
  setDismissed,
  recordLook,
  recordOtherInstallation,
  recordRecreated,
  recordRecreatingBegun,
  settleActivation,
} from "./activationSteps.ts";
import { dayMs } from "../../time/wallTime.ts";

const ids = ["a", "b", "dm", "other dm"];
const peers = new Map([
  ["dm", "bob"],
  ["other dm", "carol"],
]);
const anId = fc.constantFrom(...ids);
const someIds = fc.subarray(ids);

function conversationOf(id: string, change: Partial<HostConversation> = {}): HostConversation {
  const peerInboxId = peers.get(id);
  return listed(id, { ...(peerInboxId !== undefined && { peerInboxId }), ...change });
}

type Step = (memory: ActivationMemory, nowMs: number) => ActivationMemory;

/** Anything that can happen, in any order. */
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ brought: someIds, endMs: fc.nat(100 * dayMs), own: fc.boolean() }).map(
    ({ brought, endMs, own }): Step =>
      (memory, atMs) =>
        recordImport(memory, {
          history: {
            endMs,
            installationId: own ? ownInstallationId : "old phone",
            conversations: brought.map((id) => ({ id, lastMessageMs: endMs })),
          },
          listed: brought.map((id) => conversationOf(id)),
          ownInstallationId,
          atMs,
        }),
  ),
  fc.record({ active: someIds, newDms: fc.boolean(), isBackfilled: fc.boolean(), canList: fc.boolean() }).map(
    ({ active, newDms, isBackfilled, canList }): Step =>
      (memory, nowMs) => {
        const all = ids.map((id) => conversationOf(id, { isActive: active.includes(id), addedByInboxId: ownInboxId }));
        const made = newDms ? [listed("new dm", { peerInboxId: "bob", isActive: true })] : [];
        return recordLook(memory, { nowMs, ownInboxId, ownInstallationId, ...(canList && { listed: [...all, ...made] }) }, isBackfilled);
      },
  ),
  fc.record({ some: someIds, isDismissed: fc.boolean() }).map(
    ({ some, isDismissed }): Step =>
      (memory) =>
        setDismissed(memory, some, isDismissed),
  ),
  anId.map(
    (id): Step =>
      (memory) =>
        recordRecreatingBegun(memory, id),
  ),
  fc.record({ id: anId, works: fc.boolean() }).map(
    ({ id, works }): Step =>
      (memory, nowMs) =>
        recordRecreated(
          memory,
          id,
          works
            ? { nowMs, ownInboxId, dm: listed(`new ${id}`, { isActive: true, addedByInboxId: ownInboxId }) }
            : { nowMs, code: "HOST_FAILED" },
        ),
  ),
  fc.constant<Step>((memory, nowMs) => recordOtherInstallation(memory, nowMs)),
  fc.constant<Step>((memory) => settleActivation(memory)),
  fc.constant<Step>((memory, askedAtMs) => recordAwaited(memory, { askedAtMs, inactiveIds: ["a"] })),
);

/** Runs steps a quarter of a day apart and gives what was known before and after each. */
function play(steps: readonly Step[]): [before: ActivationMemory, after: ActivationMemory][] {
  let memory = emptyActivationMemory;
  return steps.map((step, index) => {
    const before = memory;
    memory = step(memory, (index + 1) * (dayMs / 4));
    return [before, memory];
  });
}

/** Holds for every pair of what was known before and after a step. */
function always(holds: (before: ActivationMemory, after: ActivationMemory) => void): void {
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 25 }), (steps) => play(steps).forEach(([before, after]) => holds(before, after))),
    { numRuns: 500 },
  );
}

describe("whatever happens to restored conversations", () => {
  it("behavior: none is forgotten, doubled or moved", () => {
    always((before, after) => {
      const names = after.conversations.map(({ id }) => id);
      expect(new Set(names).size).toBe(names.length);
      expect(names.slice(0, before.conversations.length)).toEqual(before.conversations.map(({ id }) => id));
    });
  });

  it("behavior: one that is active again stays so, unless an import finds that it was lost", () => {
    always((before, after) => {
      for (const [index, { status, activeId, id }] of before.conversations.entries()) {
        if (status !== "active") continue;
        const next = after.conversations[index];
        const isLost = next?.wasRemoved === true && activeId === id;
        expect(isLost || (next?.status === "active" && next.activeId === activeId && next.activeAtMs !== undefined)).toBe(true);
      }
    });
  });

  it("behavior: a gap only ever shrinks, and what is filled stays filled", () => {
    always((before, after) => {
      for (const [index, { gap, restoredAtMs }] of before.conversations.entries()) {
        const next = after.conversations[index];
        // One that was lost begins again, as often as an import finds it lost.
        if (!next || (next.wasRemoved === true && next.restoredAtMs !== restoredAtMs)) continue;
        expect(next.gap.fromMs).toBeGreaterThanOrEqual(gap.fromMs);
        if (gap.toMs !== undefined) expect(next.gap.toMs).toBe(gap.toMs);
        if (gap.isFilled) expect(next.gap.isFilled).toBe(true);
      }
    });
  });

  it("behavior: what is known survives the journal as it is", () => {
    always((_before, after) => {
      const note: unknown = JSON.parse(JSON.stringify(after));
      expect(isActivationMemory(note)).toBe(true);
      expect(note).toEqual(after);
    });
  });

  it("behavior: a step that changes nothing gives the same object", () => {
    always((before, after) => {
      if (JSON.stringify(before.conversations) === JSON.stringify(after.conversations))
        expect(after.conversations).toBe(before.conversations);
    });
  });

  it("behavior: it is settled exactly when all are active and nothing is awaited", () => {
    always((_before, after) => {
      expect(isSettled(after)).toBe(after.awaited === undefined && after.conversations.every(({ status }) => status === "active"));
    });
  });
});

describe("recordLook", () => {
  const memoryOf = (...conversations: ReturnType<typeof tracked>[]): ActivationMemory => ({ ...emptyActivationMemory, conversations });

  it("behavior: an activation by the own inbox shows that another installation is online", () => {
    const look = (by: string) =>
      recordLook(
        memoryOf(tracked("a")),
        { nowMs: 7, ownInboxId, ownInstallationId, listed: [listed("a", { isActive: true, addedByInboxId: by })] },
        true,
      );
    expect([look(ownInboxId).otherInstallationSeenMs, look("bob").otherInstallationSeenMs]).toEqual([7, undefined]);
  });

  it("behavior: what arrives while history is awaited is tracked, and what was inactive before is not", () => {
    const asked = recordAwaited(memoryOf(tracked("a")), { askedAtMs: 5, inactiveIds: ["removed"] });
    const after = recordLook(
      asked,
      { nowMs: 9, ownInboxId, ownInstallationId, listed: [listed("a"), listed("removed"), listed("arrived")] },
      false,
    );
    expect(after.conversations.map(({ id, gap }) => [id, gap.fromMs])).toEqual([
      ["a", 0],
      ["arrived", 5],
    ]);
    expect(recordLook(after, { nowMs: 5 + dayMs, ownInboxId, ownInstallationId, listed: [listed("late")] }, false)).toMatchObject({
      conversations: [{}, {}],
    });
    expect(recordLook(after, { nowMs: 5 + dayMs, ownInboxId, ownInstallationId }, false).awaited).toBeUndefined();
  });
});
