import { describe, expect, it, vi } from "vitest";
import { day, hour, minute, settled, world } from "../support/policyWorld.ts";

describe("reminders$", () => {
  it("default: suggests the first backup where backups are made by hand, and no more after it", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    await vi.waitFor(() => expect(one.reminders().map(({ kind }) => kind)).toEqual(["setUp"]));
    await one.backups.backup().result;
    await vi.waitFor(() => expect(one.reminders().map(({ kind }) => kind)).not.toContain("setUp"));
    one.backups.stop();
  });

  it("behavior: what was dismissed stays away over a restart, what was put off comes back when said", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    await vi.waitFor(() => expect(one.reminders()).toHaveLength(1));
    one.reminders()[0]?.snooze(one.clock.now() + 3 * hour);
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    await one.pass(3 * hour + 16 * minute);
    await vi.waitFor(() => expect(one.reminders()).toHaveLength(1));
    one.reminders()[0]?.dismiss();
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    await settled();
    one.backups.stop();
    const again = world({ frequency: "never" }, one);
    await again.start();
    await again.pass(2 * day);
    expect(again.reminders().map(({ kind }) => kind)).not.toContain("setUp");
    again.backups.stop();
  });

  it("behavior: none while a task runs", async () => {
    const one = world({ frequency: "never" });
    await one.start();
    await vi.waitFor(() => expect(one.reminders()).toHaveLength(1));
    const release = one.host.failures.holdNext("exportArchive");
    const task = one.backups.backup();
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    release();
    await task.result;
    one.backups.stop();
  });

  it("behavior: the key is to be put in a safe place until the user says that it is", async () => {
    const one = world({ frequency: "never", reminders: { setUp: false } });
    await one.start();
    await one.backups.backup().result;
    await vi.waitFor(() => expect(one.reminders().map(({ kind }) => kind)).toEqual(["keyUnconfirmed"]));
    await one.backups.confirmKey();
    await vi.waitFor(() => expect(one.reminders()).toEqual([]));
    one.backups.stop();
  });
});
