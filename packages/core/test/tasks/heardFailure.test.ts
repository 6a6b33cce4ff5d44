import type { BackupTask } from "@xmtp-backup/core";
import { fakeClock } from "@xmtp-backup/testing";
import { filter, firstValueFrom, takeWhile } from "rxjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";
import { denied, ends, listening, passUntil, soon, twoTabs } from "../support/listening.ts";

afterEach(() => {
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end());
  vi.restoreAllMocks();
});

describe("a failure", () => {
  it("default: nobody has looked at it, so it is a warning with its code and where to read on", async () => {
    const { heard, logger, of } = listening();
    const { backups, store } = world({}, { logger });
    store.failures.failNext("put", denied());
    void backups.backup();
    await soon(() => expect(of("backup.failed")).toHaveLength(1));
    const [failed] = of("backup.failed");
    expect(failed).toMatchObject({ level: "warn", code: "STORE_DENIED", stage: "storing", trigger: "manual" });
    expect(failed?.docsUrl).toBe("https://github.com/xmtp-backup/xmtp-backup/blob/main/docs/errors.md#store_denied");
    expect(failed?.message).toContain("Give the app permission");
    expect(failed?.message).toContain(failed?.docsUrl);
    expect(heard.map(({ event }) => event)).toEqual(["backup.started", "backup.failed"]);
  });

  const looks: [what: string, look: (task: BackupTask) => unknown][] = [
    ["await", async (task) => task.catch(() => undefined)],
    ["then", (task) => task.then(undefined, () => undefined)],
    ["result", (task) => task.result],
    ["finally", (task) => task.finally(() => undefined).catch(() => undefined)],
    ["state$", (task) => task.state$.subscribe()],
    ["subscribe", (task) => task.subscribe(() => undefined)],
    ["states until it is over", (task) => task.state$.pipe(takeWhile(({ status }) => status === "running", true)).subscribe()],
    ["the first state that is an end", (task) => firstValueFrom(task.state$.pipe(filter(({ status }) => status === "failed")))],
    [
      "a listener that leaves at the end",
      (task) => {
        const stop = task.subscribe(() => (task.getState().status === "failed" ? stop() : undefined));
      },
    ],
  ];

  const copies: [what: string, copy: (task: BackupTask) => unknown][] = [
    ["spread", (task) => ({ ...(task as object) })],
    ["assigned", (task) => Object.assign({}, task)],
    ["written as JSON", (task) => JSON.stringify(task)],
    ["listed", (task) => Object.entries(task)],
  ];

  it.each(copies)("parameters: a task that is %s is heard by nobody", async (_what, copy) => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    store.failures.failNext("put", denied());
    copy(backups.backup());
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "warn", code: "STORE_DENIED" }]));
  });

  it("behavior: a cancel by whoever hears of it changes nothing", async () => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    store.failures.failNext("put", denied());
    const task = backups.backup();
    const cancels: Promise<void>[] = [];
    task.state$.subscribe(({ status }) => void (status === "failed" && cancels.push(task.cancel())));
    await expect(task).rejects.toMatchObject({ code: "STORE_DENIED" });
    await Promise.all(cancels);
    expect([cancels.length, task.getState().status]).toEqual([1, "failed"]);
    await soon(() => expect(of("backup.failed")).toHaveLength(1));
  });

  it.each(looks)("parameters: who looks by %s hears of it, so that it warns nobody else", async (_what, look) => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    const { followed, there } = twoTabs(backups);
    for (const each of [backups, followed]) {
      store.failures.failNext("put", denied());
      const task = each.backup();
      look(task);
      await soon(() => expect(task.getState().status).toBe("failed"));
    }
    await soon(() => expect(of("backup.failed")).toHaveLength(2));
    expect(of("backup.failed").map(({ level }) => level)).toEqual(["info", "info"]);
    expect(there.heard).toEqual([]);
  });

  it("behavior: one who has looked away hears of nothing", async () => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    store.failures.failNext("put", denied());
    const task = backups.backup();
    task.subscribe(() => undefined)();
    task.state$.subscribe().unsubscribe();
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "warn" }]));
  });

  it("behavior: of what another tab asked for, that tab warns", async () => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    const { followed, there } = twoTabs(backups);
    store.failures.failNext("put", denied());
    void followed.backup();
    await soon(() => expect(there.of("backup.failed")).toMatchObject([{ level: "warn", code: "STORE_DENIED" }]));
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "info" }]));
  });

  it.each(["closed", "served no more"])("behavior: of what another tab asked for that is %s, the leading tab warns", async (what) => {
    const { logger, of } = listening();
    const { backups, host, store } = world({}, { logger });
    const clock = fakeClock();
    const { followed, follower, server, there } = twoTabs(backups, clock);
    const release = host.failures.holdNext("exportArchive");
    store.failures.failNext("put", denied());
    void followed.backup();
    await soon(() => expect(backups.current()).toBeDefined());
    const task = backups.current()?.task;
    if (what === "closed") follower.close();
    else server.close();
    release();
    // The status and the logger hear of it from the same end.
    await soon(() => expect(task?.getState().status).toBe("failed"));
    if (what === "closed") {
      await soon(() => expect(clock.timers).toBe(1));
      expect(of("backup.failed")).toEqual([]);
      clock.advance(10_000);
    }
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "warn", code: "STORE_DENIED" }]));
    await soon(() => expect([clock.timers, there.of("backup.failed").length]).toEqual([0, what === "closed" ? 0 : 1]));
  });

  it("behavior: of what the leading tab asked for, the leading tab warns although others follow", async () => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    const { there } = twoTabs(backups);
    store.failures.failNext("put", denied());
    void backups.backup();
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "warn" }]));
    expect(there.heard).toEqual([]);
  });

  it("behavior: ends no process, whoever looked and whatever it was", async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", hear);
    ends.push(() => process.off("unhandledRejection", hear));
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    const { followed, there } = twoTabs(backups);
    for (const each of [backups, followed]) {
      store.failures.failNext("put", denied());
      void each.backup();
      void each.restore("no id").result;
      await each.backup().cancel();
    }
    await soon(() => expect([of("restore.failed").length, there.of("backup.failed").length > 0]).toEqual([2, true]));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  it("behavior: a backup that the policy began warns, whoever watches it", async () => {
    const { logger, of } = listening();
    const one = world({}, { logger, policy: { frequency: "daily" } });
    one.backups.status$.subscribe(() => one.backups.current()?.task.subscribe(() => undefined));
    one.store.failures.failNext("put", denied());
    await one.backups.start();
    await passUntil(one.clock, () =>
      expect(of("backup.failed")).toMatchObject([{ level: "warn", code: "STORE_DENIED", trigger: "first" }]),
    );
    one.backups.stop();
  });

  it("behavior: what answers with nothing and is not done in another tab is a warning there", async () => {
    const { backups } = world();
    const { followed, there } = twoTabs(backups);
    vi.spyOn(backups, "retry").mockImplementation(() => {
      throw denied();
    });
    await followed.list();
    followed.retry();
    await soon(() => expect(there.of("call.failed")).toMatchObject([{ level: "warn", call: "retry", code: "STORE_DENIED" }]));
  });
});
