import { type BackupStatus, createBackups } from "@xmtp-backup/core";
import { fakeClock, fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { backUp, newInstallation, world } from "./support/world.ts";

const minuteMs = 60_000;

function daily() {
  const clock = fakeClock();
  const store = memoryStore(clock.now);
  const backups = createBackups({
    host: fakeHost({ inbox: fakeInbox() }),
    store,
    keys: memoryKeys(),
    clock,
    policy: { frequency: "daily", afterMessages: false },
  });
  let status: BackupStatus = {};
  backups.status$.subscribe((next) => (status = next));
  return { clock, store, backups, status: () => status };
}

/** Lets time pass, whenever the policy rests, until it has made another archive. */
async function makesAnother({ clock, store, status }: ReturnType<typeof daily>): Promise<void> {
  const before = store.manifests.size;
  await vi.waitFor(
    () => {
      const leftMs = (status().nextRun?.atMs ?? 0) - clock.now();
      if (clock.timers > 0) clock.advance(leftMs > 15 * minuteMs ? 15 * minuteMs : minuteMs);
      expect(store.manifests.size).toBeGreaterThan(before);
    },
    { interval: 1 },
  );
}

describe("start and stop", () => {
  it("default: the status says whether the policy is followed", async () => {
    const { backups, status } = daily();
    expect(status()).toEqual({ isStarted: false });
    await backups.start();
    expect(status().isStarted).toBe(true);
    await vi.waitFor(() => expect(status().nextRun).toBeDefined());
    backups.stop();
    expect(status()).toEqual({ isStarted: false });
  });

  it("default: start after stop starts the policy again", async () => {
    const one = daily();
    await one.backups.start();
    await makesAnother(one);
    one.backups.stop();
    await one.backups.start();
    expect(one.status().isStarted).toBe(true);
    await makesAnother(one);
    one.backups.stop();
    await vi.waitFor(() => expect(one.clock.timers).toBe(0));
  });

  it("behavior: after a stop nothing runs, however long", async () => {
    const one = daily();
    await one.backups.start();
    await makesAnother(one);
    one.backups.stop();
    await vi.waitFor(() => expect(one.clock.timers).toBe(0));
  });

  it("behavior: a stop while it starts wins", async () => {
    const { backups, status, clock } = daily();
    const starting = backups.start();
    backups.stop();
    await starting;
    expect([status().isStarted, clock.timers]).toEqual([false, 0]);
  });

  it("behavior: a stop by whoever hears that it is followed wins, and is heard by all", async () => {
    const { backups, status, clock } = daily();
    const early: BackupStatus[] = [];
    backups.status$.subscribe(({ isStarted }) => (isStarted ? backups.stop() : undefined));
    backups.status$.subscribe((next) => early.push(next));
    await backups.start();
    expect([status(), early.at(-1), clock.timers]).toEqual([{ isStarted: false }, { isStarted: false }, 0]);
  });

  it("behavior: the last of start, stop and start wins", async () => {
    const { backups, status } = daily();
    const first = backups.start();
    backups.stop();
    await Promise.all([first, backups.start()]);
    expect(status().isStarted).toBe(true);
    backups.stop();
  });

  it("behavior: a task that runs over a stop and a start is stood back for, and counted", async () => {
    const { backups, status } = daily();
    await backups.start();
    const task = backups.backup();
    backups.stop();
    await backups.start();
    await task.result;
    await vi.waitFor(() => expect(status().health?.level).toBe("ok"));
    backups.stop();
  });

  it("behavior: restored conversations are followed again", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const { host, backups } = newInstallation(one);
    await backups.start();
    await backups.restore(entry).result;
    const [id = ""] = (await host.listConversations()).map((each) => each.id);
    expect(backups.conversation(id).getState()?.status).toBe("waiting");
    backups.stop();
    host.activate(id);
    await backups.start();
    await vi.waitFor(() => expect(backups.canWrite(id)).toBe(true));
    backups.stop();
  });
});
