import { createBackups, type Inspect } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { newInstallation, world } from "../support/world.ts";

type Inspected = Parameters<Extract<Inspect, (...parameters: never[]) => unknown>>[0];

describe("inspect", () => {
  it("default: hears every machine: a backup, a restore, what follows it, and the policy", async () => {
    const values = new Set<unknown>();
    const inspect = (each: Inspected): void => {
      if (each.type === "@xstate.snapshot" && "value" in each.snapshot) values.add(JSON.stringify(each.snapshot.value));
    };
    const one = world({}, { inspect });
    const { entry } = await one.backups.backup();
    const fresh = newInstallation(one);
    const backups = createBackups({ host: fresh.host, store: one.store, keys: one.keys, clock: one.clock, inspect });
    await backups.start();
    await backups.restore(entry);
    await vi.waitFor(() => {
      const all = [...values].join("\n");
      for (const value of ["exporting", "storing", "importing", "checking", "resting", "tracking"]) expect(all).toContain(`"${value}"`);
    });
    backups.stop();
  });

  it("parameters: an observer hears the same", async () => {
    const next = vi.fn();
    const { backups } = world({}, { inspect: { next } });
    await backups.backup();
    expect(next.mock.calls.length).toBeGreaterThan(10);
  });

  it("behavior: one that throws or rejects breaks nothing", async () => {
    const broken: Inspect[] = [
      () => {
        throw new Error("no");
      },
      async () => {
        throw new Error("later");
      },
      {
        next() {
          throw new Error("no");
        },
      },
    ];
    for (const inspect of broken) {
      const { backups } = world({}, { inspect });
      await backups.start();
      const { entry } = await backups.backup();
      expect((await backups.restore(entry)).messages.restored).toBe(6);
      backups.stop();
    }
  });
});
