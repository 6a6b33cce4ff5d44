import { BackupError, type BackupPolicy } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { day, hour, minute, settled, world } from "../support/policyWorld.ts";

describe("conditions and wake-ups", () => {
  it("behavior: what is due waits for its conditions, says so, and runs once they hold", async () => {
    const one = world({ frequency: "daily", conditions: { charging: true } });
    one.device.setConditions({ charging: false });
    await one.start();
    await one.pass(3 * hour);
    expect(one.archives()).toBe(0);
    expect(one.status().nextRun).toMatchObject({ why: "conditions", unmet: [{ reason: "notCharging" }] });
    one.device.setConditions({ charging: true });
    one.device.emit("changed");
    await one.becomes(1);
    one.backups.stop();
  });

  it("behavior: what the device can't tell never blocks", async () => {
    const one = world({ frequency: "daily", conditions: { charging: true, network: "wifi" } });
    await one.start();
    await one.pass(2 * hour + minute);
    await one.becomes(1);
    one.backups.stop();
  });

  it("behavior: after a sleep over several times one backup is made, some seconds after the wake-up", async () => {
    const one = world({ frequency: "daily", afterMessages: false });
    await one.start();
    one.clock.advance(5 * day);
    one.device.emit("wake");
    await settled();
    await one.pass(minute);
    await one.becomes(1);
    await one.pass(3 * hour);
    expect(one.archives()).toBe(2);
    one.backups.stop();
  });

  it("behavior: a network that is back ends the waiting after a failure", async () => {
    const one = world({ frequency: "daily" });
    await one.start();
    one.store.failures.failNext("put", new BackupError("STORE_UNAVAILABLE", "No network."), 3);
    await one.pass(2 * hour);
    for (let count = 0; count < 6; count += 1) await one.pass(minute);
    expect(one.status()).toMatchObject({ lastFailure: { code: "STORE_UNAVAILABLE" }, nextRun: { why: "backoff", failures: 3 } });
    one.device.emit("online");
    await one.becomes(1);
    one.backups.stop();
  });
});

describe("a policy with a wrong setting", () => {
  const bad: [string, BackupPolicy][] = [
    ["an unknown frequency", { frequency: "hourly" as never }],
    ["a time that no clock shows", { at: "25:00" }],
    ["a negative count", { afterMessages: -1 }],
    ["an unknown zone", { timeZone: "Mars/Olympus" }],
    ["a pattern that never fires", { frequency: { cron: "0 0 30 2 *" } }],
    ["a day that no month has", { dayOfMonth: 32 }],
    ["nothing to keep", { keep: {} }],
  ];

  it("behavior: is refused when createBackups is called, each with a message of its own", () => {
    const messages = bad.map(([name, policy]) => {
      try {
        world(policy);
        throw new Error(`${name} was not refused`);
      } catch (error) {
        expect(error, name).toMatchObject({ code: "POLICY_INVALID" });
        return (error as Error).message;
      }
    });
    expect(new Set(messages).size).toBe(bad.length);
  });
});
