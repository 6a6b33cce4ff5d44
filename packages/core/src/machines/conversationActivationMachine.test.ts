import { describe, expect, it } from "vitest";
import { until } from "../../test/until.ts";
import { createActor, SimulatedClock, waitFor } from "xstate";
import type { TrackedConversation } from "../model/activation.ts";
import type { HostConversation } from "../model/conversation.ts";
import { type ActivationInput, conversationActivationMachine, type Listing } from "./conversationActivationMachine.ts";
import { fromTask } from "./fromTask.ts";

const waiting = (id: string, peerInboxId?: string): TrackedConversation => ({
  id,
  kind: peerInboxId ? "dm" : "group",
  status: "waiting",
  restoredAtMs: 0,
  ...(peerInboxId && { peerInboxId }),
});
const listed = (id: string, isActive: boolean, peerInboxId?: string): HostConversation => ({
  id,
  kind: peerInboxId ? "dm" : "group",
  isActive,
  createdAtNs: 0n,
  ...(peerInboxId && { peerInboxId }),
});

/** A world whose listing the test changes, and a machine that looks at it on a simulated clock. */
function start(input: ActivationInput, look?: () => Promise<Listing>) {
  const world = { conversations: [] as HostConversation[], looks: 0, backfills: 0 };
  const clock = new SimulatedClock();
  const actor = createActor(
    conversationActivationMachine.provide({
      actors: {
        look: fromTask<Listing, void>(async () => {
          world.looks += 1;
          return look ? look() : { conversations: [...world.conversations], atMs: clock.now() };
        }),
        backfill: fromTask<void, void>(async () => {
          world.backfills += 1;
        }),
      },
    }),
    { input, clock },
  );
  const values: string[] = [];
  actor.subscribe(({ value }) => {
    const text = typeof value === "string" ? value : Object.entries(value).flat().join(".");
    if (values.at(-1) !== text) values.push(text);
  });
  actor.start();
  const rest = (looks: number) => until(() => actor.getSnapshot().matches("resting") && world.looks === looks);
  const settle = () => waitFor(actor, (snapshot) => snapshot.matches("settled"));
  return { actor, clock, world, values, rest, settle };
}

describe("conversationActivationMachine", () => {
  it("default: rests settled while nothing is followed", async () => {
    const { values, settle, world } = start({});
    await settle();
    expect(values).toEqual(["settled"]);
    expect(world.looks).toBe(0);
  });

  it("default: looks until every conversation is active", async () => {
    const { actor, clock, world, values, rest, settle } = start({ conversations: [waiting("a"), waiting("b")] });
    world.conversations = [listed("a", false), listed("b", false)];
    await rest(1);
    world.conversations = [listed("a", true), listed("b", false)];
    clock.increment(5_000);
    await rest(2);
    expect(actor.getSnapshot().context.conversations.map(({ status }) => status)).toEqual(["active", "waiting"]);
    world.conversations = [listed("a", true), listed("b", true)];
    clock.increment(5_000);
    await settle();
    expect(values).toEqual([
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
    const { clock, world, rest } = start({ conversations: [waiting("a"), waiting("b")], firstDelayMs: 1_000, longestDelayMs: 4_000 });
    for (const [looks, waitMs] of [[1, 1_000], [2, 2_000], [3, 4_000], [4, 4_000]] as const) {
      await rest(looks);
      clock.increment(waitMs - 1);
      expect(world.looks).toBe(looks);
      clock.increment(1);
    }
    await rest(5);
    world.conversations = [listed("a", true)];
    clock.increment(4_000);
    await rest(6);
    clock.increment(1_000);
    await rest(7);
  });

  it("behavior: looks at once when something arrives, but not more often than the gap", async () => {
    const { actor, clock, world, rest } = start({ conversations: [waiting("a")], gapMs: 100 });
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

  it("behavior: what arrives during a look causes another one", async () => {
    let answer = (_listing: Listing) => {};
    const { actor, clock, world, rest } = start(
      { conversations: [waiting("a")], gapMs: 100 },
      () => new Promise((resolve) => (answer = resolve)),
    );
    await until(() => world.looks === 1);
    actor.send({ type: "activation.look" });
    answer({ conversations: [], atMs: 0 });
    await rest(1);
    clock.increment(100);
    await until(() => actor.getSnapshot().matches("looking") && world.looks === 2);
    actor.stop();
  });

  it("behavior: a look that fails is tried again later", async () => {
    let isDown = true;
    const { clock, rest, settle } = start({ conversations: [waiting("a")] }, () =>
      isDown ? Promise.reject(new Error("offline")) : Promise.resolve({ conversations: [listed("a", true)], atMs: 7 }),
    );
    await rest(1);
    isDown = false;
    clock.increment(5_000);
    const { context } = await settle();
    expect(context.conversations).toEqual([{ ...waiting("a"), status: "active", activeAtMs: 7, activeId: "a" }]);
  });

  it("behavior: a DM is active when a newer DM with its peer is", async () => {
    const { world, clock, rest, settle } = start({ conversations: [waiting("old", "peer")] });
    await rest(1);
    world.conversations = [listed("old", false, "peer"), listed("new", true, "peer")];
    clock.increment(5_000);
    const { context } = await settle();
    expect(context.conversations[0]).toMatchObject({ id: "old", status: "active", activeId: "new" });
  });

  it("behavior: a second restore adds to what is followed", async () => {
    const { actor, world, clock, rest, settle } = start({ conversations: [waiting("a")] });
    world.conversations = [listed("a", true), listed("b", false)];
    await settle();
    actor.send({ type: "activation.track", conversations: [waiting("a"), waiting("b")] });
    await rest(2);
    expect(actor.getSnapshot().context.conversations.map(({ id, status }) => [id, status])).toEqual([["a", "active"], ["b", "waiting"]]);
    world.conversations = [listed("b", true)];
    clock.increment(5_000);
    await settle();
  });
});
