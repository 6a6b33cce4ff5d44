import { describe, expect, it } from "vitest";
import { hour, settled, world } from "../support/policyWorld.ts";

describe("backups.before", () => {
  it("default: begins a backup", async () => {
    const one = world({});
    await one.start();
    const did = one.backups.prepareFor("app-update");
    if (did.answer !== "backup") throw new Error(did.answer);
    expect((await did.task.result).entry.details?.trigger).toBe("event");
    one.backups.stop();
  });

  it("behavior: the backup holds what the policy says", async () => {
    const one = world({ elements: ["messages"], excludeDisappearingMessages: true });
    await one.start();
    const did = one.backups.prepareFor("app-update");
    if (did.answer !== "backup") throw new Error(did.answer);
    expect((await did.task.result).entry.details).toMatchObject({ trigger: "event", elements: ["messages"], withoutDisappearing: true });
    one.backups.stop();
  });

  it("behavior: asks, or does nothing, when the policy says so", async () => {
    const one = world({ events: { "app-update": "ask", "os-update": "ignore" } });
    await one.start();
    expect(one.backups.prepareFor("os-update")).toEqual({ answer: "ignore" });
    expect(one.backups.prepareFor("app-update")).toMatchObject({ answer: "ask", reminder: { kind: "beforeEvent", event: "app-update" } });
    await settled();
    expect(one.archives()).toBe(0);
    one.backups.stop();
  });

  it("behavior: while a task runs it waits for its end, and events that pile up make one backup", async () => {
    const one = world({});
    await one.start();
    const release = one.host.failures.holdNext("exportArchive");
    const first = one.backups.backup();
    expect(one.backups.prepareFor("app-update")).toEqual({ answer: "later" });
    expect(one.backups.prepareFor("os-update")).toEqual({ answer: "later" });
    release();
    await first.result;
    await one.becomes(2);
    await one.pass(hour);
    expect(one.archives()).toBe(2);
    one.backups.stop();
  });
});
