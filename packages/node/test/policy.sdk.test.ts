import { fakeClock } from "@xmtp-backup/testing";
import type { BackupPolicy, BackupStatus } from "@xmtp-backup/core";
import type { Client } from "@xmtp/node-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backupsOf, placesIn } from "./support/backupsOf.ts";
import { chat } from "./support/chat.ts";
import { until } from "../../../test/until.ts";
import { startWorld, type World } from "./support/world.ts";

describe("a policy over a real client", { timeout: 60_000 }, () => {
  let world: World;
  let bob: Client;
  beforeAll(async () => {
    world = await startWorld();
    bob = await world.open(world.newPerson());
  });
  afterAll(() => world.dispose());

  /** Somebody who talks with Bob, and her backups on a clock that stands still until it is told to move. */
  async function open(policy: BackupPolicy) {
    const client = await world.open(world.newPerson());
    await chat(client, bob);
    await bob.conversations.syncAll();
    const bobsDm = await bob.conversations.createDm(client.inboxId);
    const clock = fakeClock(Date.now());
    const places = placesIn(world.newPath("places"));
    /** The messages have the times of the real clock. */
    const catchUp = () => clock.advance(Math.max(1, Date.now() - clock.now()));
    const begin = async () => {
      catchUp();
      const backups = backupsOf(client, places, { policy, clock });
      let status: BackupStatus = {};
      backups.status$.subscribe((next) => (status = next));
      await backups.start();
      await until(async () => status.nextRun !== undefined);
      return { backups, status: () => status };
    };
    return { client, bobsDm, clock, catchUp, begin };
  }

  it("default: the history that is there is backed up first, then a daily backup runs when its time has come, and the next one is told", async () => {
    const at = `${`${(new Date().getUTCHours() + 12) % 24}`.padStart(2, "0")}:00`;
    const { clock, begin } = await open({ frequency: "daily", at, timeZone: "UTC", afterMessages: false });
    const { backups, status } = await begin();
    expect(status()).toMatchObject({ health: { reason: "firstDue" }, nextRun: { why: "settling", trigger: "first" } });
    const triggers = async () => (await backups.list()).map(({ details }) => details?.trigger);
    /** Lets the time of the next backup come, and waits until it is there. */
    const passUntil = async (count: number) => {
      clock.advance((status().nextRun?.atMs ?? 0) - clock.now());
      await until(async () => {
        clock.advance(1_000);
        return (await backups.list()).length === count;
      });
      await until(async () => status().health?.level === "ok" && status().nextRun?.why === "schedule");
    };
    await passUntil(1);
    const dueMs = status().nextRun?.atMs ?? 0;
    expect(new Date(dueMs).toISOString().slice(11, 16)).toBe(at);
    await passUntil(2);
    expect(status()).toMatchObject({ nextRun: { atMs: dueMs + 86_400_000 }, messagesSince: 0, daysSinceVerified: 0 });
    expect(await triggers()).toEqual(["schedule", "first"]);
    for (const { details } of await backups.list()) expect(details?.counts).toMatchObject({ conversations: 2, messages: 4 });
    backups.stop();
  });

  it("behavior: messages that a stream brings make a backup due, and those of the time when the app was closed too", async () => {
    const { client, bobsDm, catchUp, begin } = await open({ frequency: "monthly", afterMessages: 3 });
    const first = await begin();
    await first.backups.backup().result;
    await until(async () => first.status().messagesSince === 0 && first.status().running === undefined);
    catchUp();
    for (const text of ["one", "two", "three"]) await bobsDm.sendText(text);
    await until(async () => (await first.backups.list()).length === 2);
    expect((await first.backups.list())[0]?.details).toMatchObject({ trigger: "activity", counts: { messages: 7 } });
    await until(async () => first.status().running === undefined);
    first.backups.stop();

    for (const text of ["four", "five", "six"]) await bobsDm.sendText(text);
    await client.conversations.syncAll();
    const second = await begin();
    await until(async () => (await second.backups.list()).length === 3);
    expect((await second.backups.list())[0]?.details).toMatchObject({ trigger: "activity", counts: { messages: 10 } });
    second.backups.stop();
  });
});
