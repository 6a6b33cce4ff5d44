import { type BackupError } from "@xmtp-backup/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";
import { denied, ends, soon, twoTabs } from "../support/listening.ts";

afterEach(() => {
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end());
  vi.restoreAllMocks();
});

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
