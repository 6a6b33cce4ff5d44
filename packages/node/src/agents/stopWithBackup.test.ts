import { BackupError, createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { startPatiently } from "./startPatiently.ts";
import { lastBackup, stopWithBackup } from "./stopWithBackup.ts";

function stage() {
  const [host, store] = [fakeHost({ inbox: fakeInbox() }), memoryStore()];
  const reported: Error[] = [];
  const report = (error: Error) => void reported.push(error);
  return { host, store, reported, report, backups: createBackups({ host, store, keys: memoryKeys(generateArchiveKey()) }) };
}

describe("lastBackup", () => {
  it("default: lets a backup end that runs, and makes one more", async () => {
    const { backups, report } = stage();
    const running = backups.backup();
    await lastBackup(backups, { withinMs: 10_000, report });
    expect(running.getState().status).toBe("succeeded");
    expect(await backups.list()).toHaveLength(2);
  });

  it("behavior: what takes too long is cancelled, and earlier archives stay", async () => {
    const { backups, host, report, reported } = stage();
    await backups.backup().result;
    host.failures.holdNext("exportArchive");
    host.failures.holdNext("exportArchive");
    await lastBackup(backups, { withinMs: 20, report });
    expect(backups.current()).toBeUndefined();
    expect(reported).toMatchObject([{ message: expect.stringContaining("not done in time") as string }]);
    expect(await backups.list()).toHaveLength(1);
  });

  it("behavior: a backup that fails rejects nothing, and shows in the status", async () => {
    const { backups, store, report, reported } = stage();
    store.failures.failNext("put", new Error("no"), 10);
    await lastBackup(backups, { withinMs: 10_000, report });
    let code: string | undefined;
    backups.status$.subscribe(({ lastFailure }) => (code = lastFailure?.code)).unsubscribe();
    expect(code).toBe("STORE_FAILED");
    expect(reported).toMatchObject([{ code: "STORE_FAILED" }]);
  });

  it("behavior: a backup that is refused is reported, since no status shows it", async () => {
    const { backups, report, reported } = stage();
    const refused = new BackupError("TASK_IN_PROGRESS", "Another task runs.");
    await lastBackup({ ...backups, backup: () => Promise.reject(refused) as never }, { withinMs: 10_000, report });
    expect(reported).toEqual([refused]);
  });
});

describe("stopWithBackup", () => {
  it.each([
    { what: "stops", stop: async () => undefined, errors: 0 },
    { what: "rejects", stop: () => Promise.reject(new Error("no")), errors: 1 },
    {
      what: "throws",
      stop: () => {
        throw new Error("no");
      },
      errors: 1,
    },
  ])("behavior: an agent that $what is backed up once more, and then the backups stop", async ({ stop, errors }) => {
    const { backups, report, reported } = stage();
    const stops = vi.fn(backups.stop);
    await stopWithBackup({ stop }, { ...backups, stop: stops }, { withinMs: 60_000, report });
    expect(await backups.list()).toHaveLength(1);
    expect(stops).toHaveBeenCalledOnce();
    expect(reported).toHaveLength(errors);
  });

  it("behavior: an agent whose stop hangs keeps the backups from nothing", async () => {
    const { backups, report } = stage();
    const [backUp, stops] = [vi.fn(backups.backup), vi.fn(backups.stop)];
    await stopWithBackup(
      { stop: () => new Promise(() => undefined) },
      { ...backups, backup: backUp, stop: stops },
      { withinMs: 20, report },
    );
    expect([backUp, stops].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });
});

describe("startPatiently", () => {
  it("behavior: a start that fails is reported, and tried again until it succeeds", async () => {
    const reported: string[] = [];
    let starts = 0;
    const start = async () => {
      starts += 1;
      if (starts < 3) throw new Error(`try ${starts}`);
      return undefined;
    };
    await startPatiently(
      { start },
      { report: ({ message }) => reported.push(message), signal: new AbortController().signal, firstDelayMs: 1 },
    );
    expect(reported).toEqual(["try 1"]);
    await vi.waitFor(() => expect(starts).toBe(3));
    expect(reported).toEqual(["try 1", "try 2"]);
  });

  it("behavior: no further try once it is aborted", async () => {
    const aborted = new AbortController();
    let starts = 0;
    const start = async () => {
      starts += 1;
      throw new Error("no");
    };
    await startPatiently({ start }, { report: () => aborted.abort(), signal: aborted.signal, firstDelayMs: 1 });
    // A real wait: another try would come after a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(starts).toBe(1);
  });
});
