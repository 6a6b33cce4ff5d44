import { createBackups } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { backUp, world } from "../support/world.ts";
import { withDetails } from "../support/withDetails.ts";

describe("backups.pin, backups.unpin", () => {
  it("default: a pin is kept over instances and taken away again", async () => {
    const { backups, store, host, keys, clock } = world();
    const entry = await backUp(backups);
    expect(await backups.pin(entry.id)).toEqual(withDetails(entry, { pinned: true }));
    const next = createBackups({ host, store, keys, clock });
    expect((await next.list())[0]?.details?.pinned).toBe(true);
    expect(await next.pin(entry.id)).toEqual(withDetails(entry, { pinned: true }));
    expect(await next.unpin(entry.id)).toEqual(withDetails(entry, {}));
  });

  it("behavior: pinned and named archives survive pruning, and lose that with the pin", async () => {
    const { backups, clock } = world({}, { policy: { keep: { last: 1 } } });
    const next = async () => {
      clock.advance(60_000);
      return (await backups.backup().result).entry;
    };
    const pinned = await next();
    await backups.pin(pinned.id);
    const named = await next();
    await backups.rename(named.id, "Before the trip");
    await next();
    const latest = await next();
    expect((await backups.list()).map(({ id }) => id)).toEqual([latest.id, named.id, pinned.id]);
    await backups.unpin(pinned.id);
    await backups.rename(named.id, undefined);
    const last = await next();
    expect((await backups.list()).map(({ id }) => id)).toEqual([last.id]);
  });

  it("behavior: a pin that began before old archives are removed keeps its archive", async () => {
    const { backups, store, clock } = world({}, { policy: { keep: { last: 1 } } });
    const { id } = await backUp(backups);
    clock.advance(1);
    const release = store.failures.holdNext("putManifest");
    const pin = backups.pin(id);
    const task = backups.backup();
    const pruning = new Promise<void>((resolve) => {
      task.state$.subscribe((state) => {
        if (state.status === "running" && state.stage === "pruning") resolve();
      });
    });
    await pruning;
    await backups.list();
    await backups.list();
    release();
    await pin;
    expect((await task.result).prunedIds).toEqual([]);
    expect((await backups.list()).find((entry) => entry.id === id)?.details?.pinned).toBe(true);
  });

  it("behavior: a pin that comes while old archives are removed is refused, and lists nothing again", async () => {
    const { backups, store, host, keys, clock } = world();
    const [second, first] = [await backUp(backups), await backUp(backups)].sort((a, b) => (a.id < b.id ? -1 : 1));
    clock.advance(1);
    const release = store.failures.holdNext("remove");
    const task = createBackups({ host, store, keys, clock, policy: { keep: { last: 1 } } }).backup();
    const removed = vi.spyOn(store, "remove");
    await vi.waitFor(() => expect(removed).toHaveBeenCalledWith(first?.id, expect.anything()));
    const pin = backups.pin(second!.id);
    release();
    await expect(pin).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
    expect(await backups.list()).toEqual([(await task.result).entry]);
    expect(store.manifests.size).toBe(1);
  });
});
