import { createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { lastBackup } from "../../src/agents/lastBackup.ts";
import { startPatiently } from "../../src/agents/startPatiently.ts";

function stage() {
  const [host, store] = [fakeHost({ inbox: fakeInbox() }), memoryStore()];
  return { host, store, backups: createBackups({ host, store, keys: memoryKeys(generateArchiveKey()) }) };
}

describe("lastBackup", () => {
  it("default: lets a backup end that runs, and makes one more", async () => {
    const { backups } = stage();
    const running = backups.backup();
    await lastBackup(backups, 10_000);
    expect(running.getState().status).toBe("succeeded");
    expect(await backups.list()).toHaveLength(2);
  });

  it("behavior: what takes too long is cancelled, and earlier archives stay", async () => {
    const { backups, host } = stage();
    await backups.backup().result;
    host.failures.holdNext("exportArchive");
    host.failures.holdNext("exportArchive");
    await lastBackup(backups, 20);
    expect(backups.current()).toBeUndefined();
    expect(await backups.list()).toHaveLength(1);
  });

  it("behavior: a backup that fails rejects nothing, and shows in the status", async () => {
    const { backups, store } = stage();
    store.failures.failNext("put", new Error("no"), 10);
    await lastBackup(backups, 10_000);
    let code: string | undefined;
    backups.status$.subscribe(({ lastFailure }) => (code = lastFailure?.code)).unsubscribe();
    expect(code).toBe("STORE_FAILED");
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
    await startPatiently({ start }, { report: ({ message }) => reported.push(message), signal: new AbortController().signal, firstDelayMs: 1 });
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
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(starts).toBe(1);
  });
});
