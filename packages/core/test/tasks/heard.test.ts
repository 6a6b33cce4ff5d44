import {
  type Backups,
  BackupError,
  type BackupTask,
  createBackups,
  followBackups,
  type Logger,
  type LogEvent,
  serveBackups,
} from "@xmtp-backup/core";
import { fakeClock, type FakeClock, fakeHost, fakeInbox, memoryJournal, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { filter, firstValueFrom, takeWhile } from "rxjs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { channelOf } from "../support/channel.ts";
import { newInstallation, world } from "../support/world.ts";

const ends: (() => void)[] = [];
afterEach(() => {
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end());
  vi.restoreAllMocks();
});

type Entry = LogEvent & { level: string; message: string };

/** A logger as pino is: an object first, then a text; what it hears is kept. */
function listening() {
  const heard: Entry[] = [];
  const at = (level: string) => (event: LogEvent, message: string) => void heard.push({ ...event, level, message });
  const logger: Logger = { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  const of = (event: string) => heard.filter((each) => each.event === event);
  return { heard, logger, of };
}

/** Waits as long as a busy machine takes. */
const soon = (check: () => void) => vi.waitFor(check);

const quarterMs = 15 * 60_000;

/** Lets time pass in the steps of the policy, each once it rests, until something is so. */
const passUntil = (clock: FakeClock, check: () => void) =>
  vi.waitFor(
    async () => {
      // A backup that is due begins within seconds.
      for (const ms of [quarterMs, 10_000]) {
        await vi.waitFor(() => expect(clock.timers).toBeGreaterThan(0), { interval: 1 });
        clock.advance(ms);
      }
      check();
    },
    { interval: 5, timeout: 30_000 },
  );

const denied = () => new BackupError("STORE_DENIED", "The folder is locked.");

/** The backups of a leading tab, and the same as another tab sees them, each with a logger of its own. */
function twoTabs(backups: Backups, clock = fakeClock()) {
  const link = channelOf(ends);
  const server = serveBackups(link(), { clock: { ...clock, now: () => Date.now() } });
  server.open(backups);
  const there = listening();
  const follower = followBackups(link(), { logger: there.logger });
  ends.push(follower.close, server.close);
  return { followed: follower.backups, there, follower, server };
}

describe("a task, awaited", () => {
  it("default: gives what it yields, here and in another tab", async () => {
    const { backups } = world();
    const { followed } = twoTabs(backups);
    for (const each of [backups, followed]) {
      const { entry } = await each.backup("awaited");
      expect(entry.details?.name).toBe("awaited");
      expect((await each.restore(entry)).messages).toEqual({ restored: 6, expected: 6 });
    }
  });

  it("default: rejects as its result does, here and in another tab", async () => {
    const { backups, store } = world();
    const { followed } = twoTabs(backups);
    for (const each of [backups, followed]) {
      store.failures.failNext("put", denied());
      await expect(each.backup()).rejects.toMatchObject({ code: "STORE_DENIED" });
      await expect(each.restore("no id")).rejects.toMatchObject({ code: "ARCHIVE_NOT_FOUND" });
      const task = each.backup();
      await task.cancel();
      await expect(task).rejects.toMatchObject({ name: "AbortError" });
    }
  });

  it("behavior: has then, catch and finally as every promise has", async () => {
    const { backups, store } = world();
    const { followed } = twoTabs(backups);
    for (const each of [backups, followed]) {
      const done: string[] = [];
      expect(await each.backup().then(({ entry }) => typeof entry.id)).toBe("string");
      store.failures.failNext("put", denied());
      expect(await each.backup().catch((error: BackupError) => error.code)).toBe("STORE_DENIED");
      await each.backup().finally(() => done.push("finally"));
      expect(done).toEqual(["finally"]);
      expect(await Promise.all([each.backup(), each.list()])).toHaveLength(2);
    }
  });

  it("behavior: an async function that returns it waits for its end; within an object it is handed on as it runs", async () => {
    const { backups, host } = world();
    const begun = async () => ({ task: backups.backup() });
    const release = host.failures.holdNext("exportArchive");
    const { task } = await begun();
    expect(task.getState().status).toBe("running");
    release();
    const ended = async () => task;
    expect((await ended()).entry.seal).toBe("open");
  });

  it("behavior: a restore's task has its confirm, and is the one that current() gives", async () => {
    const { backups } = world();
    const { entry } = await backups.backup();
    const { followed } = twoTabs(backups);
    for (const each of [backups, followed]) {
      const task = each.restore(entry, { confirm: true });
      await soon(() => expect(task.getState().status).toBe("awaitingConfirmation"));
      expect(each.current()?.task).toBe(task);
      task.confirm();
      expect((await task).messages.expected).toBe(6);
    }
  });
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

describe("the logger", () => {
  it("behavior: hears of a failure whose code only a newer copy of core knows, by that code", async () => {
    const { logger, of } = listening();
    const { backups, store } = world({}, { logger });
    store.failures.failNext("put", Object.assign(denied(), { code: "STORE_ON_THE_MOON" }));
    void backups.backup();
    await soon(() => expect(of("backup.failed")).toMatchObject([{ level: "warn", code: "STORE_ON_THE_MOON" }]));
    expect(of("backup.failed")[0]?.message).toBe(`xmtp-backup: backup failed (STORE_ON_THE_MOON). ${of("backup.failed")[0]?.docsUrl}`);
  });

  it("default: the console gets only what nobody else has heard of", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const others = [vi.spyOn(console, "debug"), vi.spyOn(console, "info"), vi.spyOn(console, "log"), vi.spyOn(console, "error")];
    const { backups, store } = world({}, { logger: undefined as never });
    await backups.backup();
    store.failures.failNext("put", denied());
    await backups.backup().catch(() => undefined);
    expect(warn).not.toHaveBeenCalled();
    store.failures.failNext("put", denied());
    void backups.backup();
    await soon(() => expect(warn).toHaveBeenCalledTimes(1));
    expect(warn.mock.calls[0]?.[0]).toMatch(
      /^xmtp-backup: backup failed \(STORE_DENIED\)\. .*https:\/\/github\.com\/.*errors\.md#store_denied$/,
    );
    for (const other of others) expect(other).not.toHaveBeenCalled();
  });

  it("parameters: false is for nobody", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { backups, store } = world({}, { logger: false });
    store.failures.failNext("put", denied());
    const task = backups.backup();
    await soon(() => expect(task.getState().status).toBe("failed"));
    expect(warn).not.toHaveBeenCalled();
  });

  it("parameters: the console itself hears everything", async () => {
    const info = vi.spyOn(console, "info").mockReturnValue();
    const { backups } = world({}, { logger: console });
    await backups.backup();
    expect(info.mock.calls.map(([event]) => (event as LogEvent).event)).toEqual(["backup.started", "backup.succeeded"]);
    expect(info.mock.calls[1]?.[1]).toBe("xmtp-backup: backup succeeded");
  });

  it("default: hears how a backup and a restore go, by their ids and counts", async () => {
    const { logger, of } = listening();
    const { backups } = world({}, { logger });
    const task = backups.backup({ name: "A name that is not logged" });
    const { entry } = await task;
    const facts = { taskId: task.id, archiveId: entry.id, level: "info" };
    expect(of("backup.started")).toMatchObject([facts]);
    expect(of("backup.succeeded")).toMatchObject([{ ...facts, sizeBytes: entry.sizeBytes, messages: 6 }]);
    const restore = backups.restore(entry.id);
    await restore;
    expect(of("restore.started")).toMatchObject([{ taskId: restore.id, archiveId: entry.id }]);
    expect(of("restore.succeeded")).toMatchObject([{ messages: 6, conversations: 2 }]);
    await backups.backup().cancel();
    expect(of("backup.cancelled")).toHaveLength(1);
  });

  it("default: hears of the key that is made, of archives that go, and of those that can't", async () => {
    const { logger, of } = listening();
    const store = memoryStore();
    const backups = createBackups({
      host: fakeHost({ inbox: fakeInbox() }),
      store,
      keys: memoryKeys(),
      logger,
      policy: { keep: { last: 1 } },
    });
    const first = await backups.backup();
    expect(of("key.made")).toMatchObject([{ level: "info", fingerprint: first.entry.keyFingerprint }]);
    await backups.backup();
    expect(of("archives.pruned")).toMatchObject([{ archiveIds: [first.entry.id] }]);
    store.failures.failNext("remove", denied());
    await backups.backup();
    expect(of("archives.unpruned")).toMatchObject([{ level: "warn", code: "STORE_DENIED" }]);
    expect(of("key.made")).toHaveLength(1);
  });

  it("default: hears what the policy decides, and each decision once", async () => {
    const { logger, of } = listening();
    const { backups, clock } = world({}, { logger, policy: { frequency: "daily" } });
    await backups.start();
    await passUntil(clock, () => expect(of("backup.succeeded")).not.toEqual([]));
    await soon(() => expect(of("policy.decided").at(-1)).toMatchObject({ action: "wait", waitsFor: ["schedule"] }));
    const decided = of("policy.decided");
    expect(decided.every(({ level }) => level === "debug")).toBe(true);
    expect(decided).toContainEqual(expect.objectContaining({ action: "backup", trigger: "first" }));
    for (const [index, each] of decided.entries()) expect(each).not.toEqual(decided[index - 1]);
    backups.stop();
  });

  it("default: hears of the archive that the policy reads back and finds damaged", async () => {
    const { logger, of } = listening();
    const { backups, clock, store } = world({}, { logger, policy: { frequency: "never", verifyEvery: "1d" } });
    const { entry } = await backups.backup();
    const stored = store.archives.get(entry.id)!;
    store.archives.set(entry.id, stored.slice(0, stored.length - 9));
    await backups.start();
    await passUntil(clock, () => expect(of("archive.damaged")).not.toEqual([]));
    expect(of("archive.damaged")[0]).toMatchObject({ level: "warn", archiveId: entry.id, code: "ARCHIVE_TRUNCATED" });
    backups.stop();
  });

  it("default: hears of what a killed task left", async () => {
    const one = world();
    one.host.failures.holdNext("exportArchive");
    const task = one.backups.backup();
    await soon(() => expect(task.getState()).toMatchObject({ stage: "exporting" }));
    const { logger, of } = listening();
    const next = newInstallation(one, {});
    const again = createBackups({
      host: { ...next.host, journal: one.host.journal },
      store: one.store,
      keys: one.keys,
      clock: one.clock,
      logger,
    });
    await again.start();
    expect(of("task.recovered")).toMatchObject([{ level: "info", kind: "backup", stage: "exporting", taskId: task.id }]);
    again.stop();
    await task.cancel();
  });

  it("behavior: one that throws or rejects breaks nothing", async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown) => void unhandled.push(reason);
    process.on("unhandledRejection", hear);
    ends.push(() => process.off("unhandledRejection", hear));
    for (const broken of [
      () => {
        throw new Error("no");
      },
      async () => {
        throw new Error("later");
      },
    ]) {
      const { backups, clock } = world(
        {},
        { logger: { debug: broken, info: broken, warn: broken, error: broken }, policy: { frequency: "daily" } },
      );
      await backups.start();
      const { entry } = await backups.backup();
      expect((await backups.restore(entry)).messages.restored).toBe(6);
      clock.advance(quarterMs);
      backups.stop();
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  it("parameters: a restore of what is no id logs none", async () => {
    const { heard, logger } = listening();
    const { backups } = world({}, { logger });
    await backups.restore("correct horse battery staple").catch(() => undefined);
    await backups.restore({ id: "aa".repeat(32) }).catch(() => undefined);
    expect(JSON.stringify(heard)).not.toMatch(/horse|aaaa/);
  });
});

describe("following and its notes", () => {
  /** Restored conversations that wait for their members, and a logger of what follows them. */
  async function waiting() {
    const one = world();
    const { entry } = await one.backups.backup();
    const { heard, logger, of } = listening();
    const journal = memoryJournal();
    const host = fakeHost({ journal });
    const backups = createBackups({ host, store: one.store, keys: one.keys, clock: one.clock, logger });
    ends.push(backups.stop);
    return { entry, heard, of, journal, host, backups, clock: one.clock };
  }

  const locked = () => new BackupError("HOST_FAILED", "The database is locked.");
  const pass = (clock: FakeClock, check: () => void) =>
    vi.waitFor(
      () => {
        clock.advance(10_000);
        check();
      },
      { interval: 1 },
    );

  it.each(["identity", "syncConversations", "listConversations"] as const)(
    "default: looks that fail by %s are a warning, once for each row of them",
    async (method) => {
      const { entry, of, host, backups, clock } = await waiting();
      await backups.restore(entry);
      // Who the client is is asked once, at the first look.
      if (method === "identity") backups.stop();
      const spy = vi.spyOn(host, method).mockRejectedValue(locked());
      if (method === "identity") await backups.start().catch(() => undefined);
      await pass(clock, () => expect(of("tracking.failed")).toHaveLength(1));
      expect(of("tracking.failed")).toMatchObject([{ level: "warn", code: "HOST_FAILED" }]);
      const calls = spy.mock.calls.length;
      await pass(clock, () => expect(spy.mock.calls.length).toBeGreaterThan(calls + 2));
      expect(of("tracking.failed")).toHaveLength(1);
      spy.mockRestore();
      const works = vi.spyOn(host, "listConversations");
      await pass(clock, () => expect(works.mock.calls.length).toBeGreaterThan(1));
      vi.spyOn(host, "syncConversations").mockRejectedValue(locked());
      await pass(clock, () => expect(of("tracking.failed")).toHaveLength(2));
    },
  );

  it("default: a note that can't be kept is a warning, once for each row of them", async () => {
    const { entry, of, journal, host, backups, clock } = await waiting();
    await backups.restore(entry);
    expect(of("note.failed")).toEqual([]);
    const [first = "", second = ""] = host.inbox.conversations.keys();
    const write = vi.spyOn(journal, "write").mockRejectedValue(new BackupError("JOURNAL_FAILED", "The disk is full."));
    host.activate(first);
    await pass(clock, () => expect(of("note.failed")).toMatchObject([{ level: "warn", code: "JOURNAL_FAILED" }]));
    host.activate(second);
    const before = write.mock.calls.length;
    await pass(clock, () => expect(write.mock.calls.length).toBeGreaterThan(before));
    await pass(clock, () => expect(backups.canWrite(second)).toBe(true));
    expect(of("note.failed")).toHaveLength(1);
  });

  it("default: the notes of a restore that can't be kept are a warning, and it goes on", async () => {
    const { entry, of, journal, backups } = await waiting();
    const write = journal.write.bind(journal);
    vi.spyOn(journal, "write").mockImplementation(async (name, ...rest) => {
      if (/bring|import/.test(name)) throw new BackupError("JOURNAL_FAILED", "The disk is full.");
      return write(name, ...rest);
    });
    expect((await backups.restore(entry)).messages.restored).toBe(6);
    expect(of("note.failed").length).toBeGreaterThan(0);
    for (const each of of("note.failed")) expect(each).toMatchObject({ level: "warn", code: "JOURNAL_FAILED" });
  });
});
