import { describe, expect, it } from "vitest";
import { createActor, SimulatedClock, waitFor } from "xstate";
import { found, listed, ownInboxId, ownInstallationId, tracked } from "../../test/trackedConversation.ts";
import { until } from "../../../../test/until.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { FoundLook, RecreateOutcome } from "./rules/activationSteps.ts";
import type { ActivationInput, RecreateInput } from "./activationContext.ts";
import { conversationActivationMachine } from "./conversationActivationMachine.ts";
import { fromTask } from "../tasks/fromTask.ts";

type Actors = {
  look?: () => Promise<FoundLook>;
  backfill?: () => Promise<void>;
  recreate?: (input: RecreateInput) => Promise<RecreateOutcome>;
};

const memoryOf = (...conversations: ReturnType<typeof tracked>[]) => ({ conversations, notices: {} });
const dm = (id: string, change: Parameters<typeof tracked>[1] = {}) => tracked(id, { peerInboxId: `peer of ${id}`, ...change });

/** A client whose listing the test changes, and a machine that looks at it on a simulated clock. */
function start(input: ActivationInput, { look, backfill, recreate }: Actors = {}) {
  const world = { conversations: [] as HostConversation[], looks: 0, backfills: 0, recreated: [] as string[] };
  const clock = new SimulatedClock();
  const actor = createActor(
    conversationActivationMachine.provide({
      actors: {
        look: fromTask<FoundLook, void>(async () => {
          world.looks += 1;
          return look ? look() : found([...world.conversations], clock.now());
        }),
        backfill: fromTask<void, void>(async () => {
          world.backfills += 1;
          await backfill?.();
        }),
        recreate: fromTask<RecreateOutcome, RecreateInput>(async (each) => {
          world.recreated.push(each.id);
          return recreate
            ? recreate(each)
            : {
                nowMs: clock.now(),
                ownInboxId,
                dm: listed(`new ${each.id}`, { peerInboxId: each.peerInboxId, isActive: true, addedByInboxId: ownInboxId }),
              };
        }),
      },
    }),
    { input, clock },
  );
  const tracking: string[] = [];
  const recreating: string[] = [];
  actor.subscribe(({ value }) => {
    const text = typeof value.tracking === "string" ? value.tracking : `resting.${value.tracking.resting}`;
    if (tracking.at(-1) !== text) tracking.push(text);
    if (recreating.at(-1) !== value.recreating) recreating.push(value.recreating);
  });
  actor.start();
  const rest = (looks: number) => until(() => actor.getSnapshot().matches({ tracking: "resting" }) && world.looks === looks);
  const settle = () => waitFor(actor, (snapshot) => snapshot.matches({ tracking: "settled" }));
  const statuses = () => actor.getSnapshot().context.memory.conversations.map(({ status }) => status);
  return { actor, clock, world, tracking, recreating, rest, settle, statuses };
}

describe("conversationActivationMachine: tracking", () => {
  it("default: rests settled while nothing is tracked", async () => {
    const { tracking, settle, world } = start({});
    await settle();
    expect([tracking, world.looks]).toEqual([["settled"], 0]);
  });

  it("default: looks until every conversation is active", async () => {
    const { clock, world, tracking, rest, settle, statuses } = start({ memory: memoryOf(tracked("a"), tracked("b")) });
    world.conversations = [listed("a"), listed("b")];
    await rest(1);
    world.conversations = [listed("a", { isActive: true }), listed("b")];
    clock.increment(5_000);
    await rest(2);
    expect(statuses()).toEqual(["active", "waiting"]);
    world.conversations = [listed("a", { isActive: true }), listed("b", { isActive: true })];
    clock.increment(5_000);
    await settle();
    expect(tracking).toEqual([
      "looking",
      "resting.quiet",
      "resting.alert",
      "looking",
      "backfilling",
      "resting.quiet",
      "resting.alert",
      "looking",
      "backfilling",
      "settled",
    ]);
    expect(world.backfills).toBe(2);
  });

  it("behavior: the interval doubles while nothing changes, and starts over when something does", async () => {
    const { clock, world, rest } = start({ memory: memoryOf(tracked("a"), tracked("b")), firstDelayMs: 1_000, longestDelayMs: 4_000 });
    for (const [looks, waitMs] of [
      [1, 1_000],
      [2, 2_000],
      [3, 4_000],
      [4, 4_000],
    ] as const) {
      await rest(looks);
      clock.increment(waitMs - 1);
      expect(world.looks).toBe(looks);
      clock.increment(1);
    }
    await rest(5);
    world.conversations = [listed("a", { isActive: true })];
    clock.increment(4_000);
    await rest(6);
    clock.increment(1_000);
    await rest(7);
  });

  it("behavior: looks at once when something arrives, but not more often than the gap", async () => {
    const { actor, clock, world, rest } = start({ memory: memoryOf(tracked("a")), gapMs: 100 });
    await rest(1);
    clock.increment(100);
    actor.send({ type: "activation.look" });
    await rest(2);
    for (let call = 0; call < 50; call += 1) actor.send({ type: "activation.look" });
    clock.increment(99);
    expect(world.looks).toBe(2);
    clock.increment(1);
    await rest(3);
    clock.increment(100);
    expect(world.looks).toBe(3);
  });

  it("behavior: after a look that took long the next one waits ten times that, but no longer than the first interval", async () => {
    let tookMs = 30;
    const { actor, clock, world, rest } = start(
      { memory: memoryOf(tracked("a")), gapMs: 100 },
      { look: async () => ({ ...found([]), tookMs }) },
    );
    for (const [looks, waitMs] of [
      [1, 300],
      [2, 5_000],
    ] as const) {
      await rest(looks);
      actor.send({ type: "activation.look" });
      tookMs = 30_000;
      clock.increment(waitMs - 1);
      expect(world.looks).toBe(looks);
      clock.increment(1);
    }
    await rest(3);
  });

  it("behavior: what arrives during a look causes another one", async () => {
    let answer = (_found: FoundLook) => {};
    const { actor, clock, world, rest } = start(
      { memory: memoryOf(tracked("a")), gapMs: 100 },
      { look: () => new Promise((resolve) => (answer = resolve)) },
    );
    await until(() => world.looks === 1);
    actor.send({ type: "activation.look" });
    answer(found([]));
    await rest(1);
    clock.increment(100);
    await until(() => actor.getSnapshot().matches({ tracking: "looking" }) && world.looks === 2);
    actor.stop();
  });

  it("behavior: a look that fails is tried again later", async () => {
    let isDown = true;
    const { clock, rest, settle } = start(
      { memory: memoryOf(tracked("a")) },
      { look: () => (isDown ? Promise.reject(new Error("offline")) : Promise.resolve(found([listed("a", { isActive: true })], 7))) },
    );
    await rest(1);
    isDown = false;
    clock.increment(5_000);
    const { context } = await settle();
    expect(context.memory.conversations).toMatchObject([{ id: "a", status: "active", activeAtMs: 7, activeId: "a" }]);
  });

  it("behavior: messages that can't be fetched delay nothing, and are fetched with the next look", async () => {
    let isDown = true;
    const { actor, clock, world, rest } = start(
      { memory: memoryOf(tracked("a"), tracked("b")) },
      { backfill: () => (isDown ? Promise.reject(new Error("offline")) : Promise.resolve()) },
    );
    world.conversations = [listed("a", { isActive: true }), listed("b")];
    await rest(1);
    const first = () => actor.getSnapshot().context.memory.conversations[0];
    expect(first()).toMatchObject({ status: "active", isBackfilled: false });
    isDown = false;
    clock.increment(5_000);
    await rest(2);
    expect([first()?.isBackfilled, world.backfills]).toEqual([true, 2]);
    clock.increment(10_000);
    await rest(3);
    expect(world.backfills).toBe(2);
  });

  it("behavior: a second restore adds to what is tracked", async () => {
    const { actor, world, clock, rest, settle } = start({ memory: memoryOf(tracked("a")) });
    world.conversations = [listed("a", { isActive: true }), listed("b")];
    await settle();
    const history = { endMs: 5, conversations: [{ id: "a" }, { id: "b" }] };
    actor.send({ type: "activation.imported", finished: { history, listed: world.conversations, ownInstallationId, atMs: 6 } });
    await rest(2);
    expect(actor.getSnapshot().context.memory.conversations.map(({ id, status }) => [id, status])).toEqual([
      ["a", "active"],
      ["b", "waiting"],
    ]);
    world.conversations = [listed("b", { isActive: true })];
    clock.increment(5_000);
    await settle();
  });

  it("behavior: what the user dismissed is left out, becomes active all the same, and can be tracked again", async () => {
    const { actor, world, clock, rest, statuses } = start({ memory: memoryOf(tracked("a"), tracked("b"), tracked("c")) });
    await rest(1);
    actor.send({ type: "activation.dismiss", ids: ["a", "b"] });
    expect(statuses()).toEqual(["dismissed", "dismissed", "waiting"]);
    world.conversations = [listed("a", { isActive: true })];
    clock.increment(5_000);
    await rest(2);
    actor.send({ type: "activation.trackAgain", ids: ["a", "b", "c"] });
    await rest(3);
    expect(statuses()).toEqual(["active", "waiting", "waiting"]);
  });

  it("behavior: another installation that is online makes the others expected soon", async () => {
    const { actor, world, rest } = start({ memory: memoryOf(tracked("a"), tracked("b", { lastMessageMs: 0 })) });
    world.conversations = [listed("a", { isActive: true, addedByInboxId: ownInboxId }), listed("b")];
    await rest(1);
    actor.send({ type: "activation.look" });
    expect(actor.getSnapshot().context.memory.otherInstallationSeenMs).toBe(0);
    actor.send({ type: "activation.otherInstallation", atMs: 9 });
    await rest(2);
    expect(actor.getSnapshot().context.memory.conversations[1]?.expectation).toMatchObject({
      outlook: "soon",
      reason: "otherInstallation",
    });
  });

  it("behavior: awaited history is tracked as it arrives, and not awaited for ever", async () => {
    const { actor, world, clock, rest, settle, statuses } = start({});
    actor.send({ type: "activation.await", awaited: { askedAtMs: 0, inactiveIds: ["removed"] } });
    world.conversations = [listed("removed"), listed("active", { isActive: true })];
    await rest(1);
    world.conversations.push(listed("arrived"));
    clock.increment(5_000);
    await rest(2);
    expect(actor.getSnapshot().context.memory.conversations.map(({ id }) => id)).toEqual(["arrived"]);
    world.conversations = [listed("arrived", { isActive: true })];
    clock.increment(24 * 3_600_000);
    await settle();
    expect([statuses(), actor.getSnapshot().context.memory.awaited]).toEqual([["active"], undefined]);
  });
});

describe("conversationActivationMachine: recreating", () => {
  const two = () => memoryOf(dm("a", { lastMessageMs: 1 }), tracked("group"), dm("b", { lastMessageMs: 2 }));

  it("default: asks, and makes nothing anew by itself", async () => {
    const { world, rest, recreating } = start({ memory: two() });
    await rest(1);
    expect([world.recreated, recreating]).toEqual([[], ["idle"]]);
  });

  it("parameters: recreateDms: ask: those that the user named, one after the other", async () => {
    const { actor, clock, world, rest, statuses } = start({ memory: two() });
    await rest(1);
    actor.send({ type: "activation.recreate", ids: ["a", "group", "nobody", "b"] });
    await until(() => actor.getSnapshot().matches({ recreating: "spacing" }));
    expect([world.recreated, statuses()]).toEqual([["a"], ["active", "waiting", "waiting"]]);
    clock.increment(1_999);
    expect(world.recreated).toEqual(["a"]);
    clock.increment(1);
    await until(() => statuses()[2] === "active");
    expect(world.recreated).toEqual(["a", "b"]);
    expect(actor.getSnapshot().context.memory.conversations[2]).toMatchObject({
      activeId: "new b",
      activatedBy: "recreating",
      isBackfilled: true,
    });
  });

  it("parameters: recreateDms: auto: those that a look found waiting, the most recently used first", async () => {
    const { clock, world, statuses } = start({ memory: two(), recreateDms: "auto" });
    world.conversations = [listed("a", { peerInboxId: "peer of a" }), listed("group"), listed("b", { peerInboxId: "peer of b" })];
    await until(() => statuses()[2] === "active");
    clock.increment(2_000);
    await until(() => statuses()[0] === "active");
    expect([world.recreated, statuses()]).toEqual([
      ["b", "a"],
      ["active", "waiting", "active"],
    ]);
  });

  it("parameters: recreateDms: auto: not one that became active meanwhile", async () => {
    const { world, rest, statuses } = start({ memory: memoryOf(dm("a"), tracked("group")), recreateDms: "auto" });
    world.conversations = [listed("a", { peerInboxId: "peer of a", isActive: true })];
    await rest(1);
    expect([world.recreated, statuses()]).toEqual([[], ["active", "waiting"]]);
  });

  it("parameters: recreateDms: never: not even what the user named", async () => {
    const { actor, world, rest } = start({ memory: two(), recreateDms: "never" });
    await rest(1);
    actor.send({ type: "activation.recreate", ids: ["a", "b"] });
    expect([world.recreated, actor.getSnapshot().matches({ recreating: "idle" })]).toEqual([[], true]);
  });

  it("behavior: what fails waits again, and holds up neither the next nor the looks", async () => {
    const { actor, clock, world, rest, statuses } = start(
      { memory: two() },
      { recreate: async ({ id }) => (id === "a" ? { nowMs: 5, code: "HOST_FAILED" } : { nowMs: 5, isDenied: true }) },
    );
    await rest(1);
    actor.send({ type: "activation.recreate", ids: ["a", "b"] });
    await until(() => actor.getSnapshot().matches({ recreating: "spacing" }));
    clock.increment(2_000);
    await until(() => world.recreated.length === 2 && actor.getSnapshot().matches({ recreating: "spacing" }));
    const { conversations } = actor.getSnapshot().context.memory;
    expect(statuses()).toEqual(["waiting", "waiting", "waiting"]);
    expect([conversations[0]?.recreating, conversations[2]?.isPersonDenied]).toEqual([
      { tries: 1, triedAtMs: 5, code: "HOST_FAILED" },
      true,
    ]);
  });

  it("behavior: one that hangs holds up no look, and may become active meanwhile", async () => {
    let answer = (_outcome: RecreateOutcome) => {};
    const { actor, clock, world, rest, statuses } = start(
      { memory: two() },
      { recreate: () => new Promise((resolve) => (answer = resolve)) },
    );
    await rest(1);
    actor.send({ type: "activation.recreate", ids: ["a"] });
    expect(statuses()[0]).toBe("recreating");
    world.conversations = [listed("a", { peerInboxId: "peer of a", isActive: true, addedByInboxId: "peer of a" })];
    clock.increment(5_000);
    await rest(2);
    expect(statuses()[0]).toBe("active");
    answer({ nowMs: 9, ownInboxId, dm: listed("new", { peerInboxId: "peer of a", isActive: true }) });
    await until(() => actor.getSnapshot().matches({ recreating: "spacing" }));
    expect(actor.getSnapshot().context.memory.conversations[0]).toMatchObject({ activeId: "a", activatedBy: "member" });
  });

  it("behavior: a second restore does not interrupt it", async () => {
    let answer = (_outcome: RecreateOutcome) => {};
    const { actor, world, rest, statuses } = start({ memory: two() }, { recreate: () => new Promise((resolve) => (answer = resolve)) });
    await rest(1);
    actor.send({ type: "activation.recreate", ids: ["a"] });
    await until(() => world.recreated.length === 1);
    actor.send({
      type: "activation.imported",
      finished: { history: { endMs: 5, conversations: [] }, listed: [], ownInstallationId, atMs: 6 },
    });
    answer({ nowMs: 9, ownInboxId, dm: listed("new", { peerInboxId: "peer of a", isActive: true }) });
    await until(() => statuses()[0] === "active");
  });

  it("behavior: what an earlier process was making anew waits for a look to tell", async () => {
    const { actor, statuses } = start({});
    actor.send({ type: "activation.resume", memory: memoryOf(dm("a", { status: "recreating", recreating: { tries: 1 } })) });
    expect(statuses()).toEqual(["waiting"]);
    expect(actor.getSnapshot().context.memory.conversations[0]?.recreating?.tries).toBe(1);
  });
});
