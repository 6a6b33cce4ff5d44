import { createBackups } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, newInstallation, world } from "../support/world.ts";

describe("backups.planRetention", () => {
  it("default: says what pruning would do, with the reasons, and does nothing", async () => {
    const { backups, store, host, keys, clock } = world();
    const made: string[] = [];
    for (const name of [undefined, undefined, "Before the trip", undefined]) {
      clock.advance(60_000);
      made.unshift((await backUp(backups, name)).id);
    }
    await backups.pin(made[2]!);
    const strict = createBackups({ host, store, keys, clock, policy: { keep: { last: 1 } } });
    const before = contentsOf(store);
    const plan = await strict.planRetention();
    expect(plan.map(({ id, action }) => [id, action])).toEqual([
      [made[0], "keep"],
      [made[1], "keep"],
      [made[2], "keep"],
      [made[3], "remove"],
    ]);
    expect(plan[0]?.reasons).toContainEqual({ reason: "newestWhole" });
    expect(plan[1]?.reasons).toEqual([{ reason: "named" }]);
    expect(plan[2]?.reasons).toEqual([{ reason: "pinned" }]);
    expect(plan[3]?.reasons).toEqual([{ reason: "noRule" }]);
    expect(contentsOf(store)).toEqual(before);
  });

  it("parameters: keep: tries other rules than the policy's", async () => {
    const { backups, clock } = world();
    for (let count = 0; count < 3; count += 1) {
      clock.advance(60_000);
      await backUp(backups);
    }
    expect((await backups.planRetention({ last: 2 })).map(({ action }) => action)).toEqual(["keep", "keep", "remove"]);
    expect((await backups.planRetention()).map(({ action }) => action)).toEqual(["keep", "keep", "keep"]);
  });

  it.each([{}, { last: -1 }, { last: 0 }, { yesterday: 1 }, { within: "soon" }, "all"])(
    "parameters: keep: %o is refused before anything is touched",
    async (keep) => {
      const { backups, store } = world();
      const opened = vi.spyOn(store, "open");
      await expect(backups.planRetention(keep as never)).rejects.toMatchObject({ code: "POLICY_INVALID" });
      expect(opened).not.toHaveBeenCalled();
    },
  );

  it("behavior: has the scope of pruning: another installation's archives are kept", async () => {
    const shared = world();
    const { id } = await backUp(shared.backups);
    const { installationId } = await shared.host.identity();
    const { backups } = newInstallation(shared, { installations: [{ id: installationId, isOwn: false }] });
    shared.clock.advance(1);
    const own = await backUp(backups);
    expect(await backups.planRetention({ last: 1 })).toMatchObject([
      { id: own.id, action: "keep" },
      { id, action: "keep", reasons: [{ reason: "otherInstallation" }] },
    ]);
  });

  it("behavior: what pruning then removes is what it said", async () => {
    const { backups, store, host, keys, clock } = world();
    for (let count = 0; count < 4; count += 1) {
      clock.advance(86_400_000);
      await backUp(backups);
    }
    const strict = createBackups({ host, store, keys, clock, policy: { keep: { last: 2 } } });
    const said = (await strict.planRetention({ last: 1 })).filter(({ action }) => action === "remove").map(({ id }) => id);
    clock.advance(86_400_000);
    expect((await strict.backup().result).prunedIds).toEqual(said);
    expect(said).toHaveLength(3);
  });

  it("behavior: a closed client and a store that is down are told as that; an abort rejects with its reason", async () => {
    const { backups, host, store } = world();
    store.failures.failNext("list", new Error("connection reset"));
    await expect(backups.planRetention()).rejects.toMatchObject({ code: "STORE_FAILED" });
    host.failures.failNext("identity", new Error("no"));
    await expect(backups.planRetention()).rejects.toMatchObject({ code: "HOST_FAILED" });
    const reason = new Error("Enough.");
    await expect(backups.planRetention(undefined, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    host.close();
    await expect(backups.planRetention()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });
});
