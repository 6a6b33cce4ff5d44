import { readArchive } from "@xmtp-backup/archive";
import type { ExportRequest, TaskState } from "@xmtp-backup/core";
import { type fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { newInstallation, world } from "../support/world.ts";

/** A world on Node's cryptography, so that thousands of messages take no second. */
function quickWorld(...options: Parameters<typeof world>): ReturnType<typeof world> {
  const one = world(...options);
  Object.assign(one.host, { primitives: nodePrimitives });
  return one;
}

const large = () => ({ inbox: fakeInbox({ groups: 3, messagesEach: 4_000, startNs: 1_767_200_000_000_000_000n }) });

function requestsOf(host: ReturnType<typeof fakeHost>) {
  const requests: ExportRequest[] = [];
  const exportArchive = host.exportArchive.bind(host);
  vi.spyOn(host, "exportArchive").mockImplementation((request, key, options) => {
    requests.push(request);
    return exportArchive(request, key, options);
  });
  return requests;
}

describe("a backup in slices", () => {
  it("default: exports slice by slice, consent once, and counts messages", async () => {
    const { backups, host, clock } = quickWorld(large());
    clock.advance(30 * 86_400_000);
    const requests = requestsOf(host);
    const task = backups.backup();
    const progress: unknown[] = [];
    task.state$.subscribe(
      (state: TaskState<string>) => state.status === "running" && state.stage === "exporting" && progress.push(state.progress),
    );
    const { entry } = await task.result;
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.filter(({ elements }) => elements.includes("consent"))).toHaveLength(1);
    expect(entry.details).toMatchObject({ counts: { conversations: 3, messages: 12_000, consentRecords: 3 } });
    expect(entry.details).not.toHaveProperty("missingMessages");
    expect(progress.at(-1)).toEqual({ kind: "determinate", done: 12_000, total: 12_000, unit: "messages" });
    expect(host.unreleased).toBe(0);
  });

  it("behavior: a cancel between two slices leaves nothing behind", async () => {
    const { backups, host, store, clock } = quickWorld({ ...large(), features: { parallelExports: 1 } });
    clock.advance(30 * 86_400_000);
    const requests = requestsOf(host);
    const task = backups.backup();
    await new Promise<void>((resolve) => {
      task.state$.subscribe((state: TaskState<string>) => {
        if (state.status === "running" && state.stage === "exporting" && state.progress.kind === "determinate") resolve();
      });
    });
    await task.cancel();
    expect(task.getState().status).toBe("cancelled");
    const made = requests.length;
    expect(host.unreleased).toBe(0);
    expect(store.archives.size).toBe(0);
    await backups.backup({ elements: ["consent"] }).result;
    expect(requests.length).toBe(made + 1);
  });

  it("behavior: a slice that fails releases the others", async () => {
    const { backups, host, clock } = quickWorld(large());
    clock.advance(30 * 86_400_000);
    const exportArchive = host.exportArchive.bind(host);
    let calls = 0;
    vi.spyOn(host, "exportArchive").mockImplementation(async (...args) => {
      calls += 1;
      if (calls === 2) throw new Error("the database is locked");
      return exportArchive(...args);
    });
    await expect(backups.backup().result).rejects.toMatchObject({ code: "EXPORT_FAILED" });
    expect(host.unreleased).toBe(0);
  });

  it("behavior: a host that can't slice exports once, with progress that nobody knows", async () => {
    const { backups, host } = quickWorld({ ...large(), features: { timeSlices: false } });
    const requests = requestsOf(host);
    const task = backups.backup();
    const kinds = new Set<string>();
    task.state$.subscribe(
      (state: TaskState<string>) => state.status === "running" && state.stage === "exporting" && kinds.add(state.progress.kind),
    );
    await task.result;
    expect(requests).toHaveLength(1);
    expect([...kinds]).toEqual(["indeterminate"]);
  });

  it("parameters: startNs: the conversations of its messages come along, so that it can be restored", async () => {
    const one = quickWorld();
    const times = [...one.host.inbox.conversations.values()].flatMap(({ messages }) =>
      [...messages.values()].map(({ sentAtNs }) => sentAtNs),
    );
    const startNs = times[3];
    if (startNs === undefined) throw new Error("The inbox is smaller than it was.");
    const { entry } = await one.backups.backup({ startNs }).result;
    expect(entry.details).toMatchObject({ startNs, counts: { conversations: 1, messages: 2 } });
    const two = newInstallation(one);
    expect(await two.backups.restore(entry).result).toMatchObject({ messages: { restored: 2, expected: 2 }, orphanMessages: 0 });
    expect(one.host.unreleased).toBe(0);
  });

  it("behavior: messages that the SDK did not export are told", async () => {
    const { backups, host } = quickWorld();
    const countMessages = host.countMessages.bind(host);
    vi.spyOn(host, "countMessages").mockImplementation(async (...args) => (await countMessages(...args)) + 1);
    const { entry } = await backups.backup().result;
    expect(entry.details?.missingMessages).toBe(2);
  });

  it("behavior: the stored archive opens with the archive key alone", async () => {
    const { backups, store, key } = quickWorld();
    const { entry } = await backups.backup().result;
    const kinds: string[] = [];
    for await (const { kind } of readArchive(await store.get(entry.id), key)) kinds.push(kind);
    expect(kinds.filter((kind) => kind === "message")).toHaveLength(6);
  });
});

describe("a restore in chunks", () => {
  async function backedUp(messagesEach = 2_500) {
    const one = quickWorld({ inbox: fakeInbox({ groups: 1, messagesEach }) });
    const { entry } = await one.backups.backup().result;
    return { one, entry };
  }

  /** Lets the nth import fail and counts them all. */
  function failAt(host: ReturnType<typeof fakeHost>, call: number) {
    const imports = { count: 0 };
    const importArchive = host.importArchive.bind(host);
    vi.spyOn(host, "importArchive").mockImplementation(async (...args) => {
      imports.count += 1;
      if (imports.count === call) throw new Error("the process was killed");
      return importArchive(...args);
    });
    return imports;
  }

  it("default: counts the messages that are in", async () => {
    const { one, entry } = await backedUp();
    const { backups } = newInstallation(one);
    const task = backups.restore(entry);
    const done: number[] = [];
    task.state$.subscribe((state) => {
      if (state.status === "running" && state.stage === "importing" && state.progress.kind === "determinate")
        done.push(state.progress.done);
    });
    await task.result;
    expect(done).toEqual([1_000, 2_000, 2_500]);
  });

  it("behavior: a restore that was interrupted goes on after the last chunk that is in", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const imports = failAt(host, 3);
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(imports.count).toBe(3);
    const result = await backups.restore(entry).result;
    expect(imports.count).toBe(4);
    expect(result).toMatchObject({ messages: { restored: 2_500, expected: 2_500 } });
    expect(await host.journal.read("import")).toBeUndefined();
  });

  it("behavior: another archive begins at its beginning", async () => {
    const { one, entry } = await backedUp();
    const { entry: other } = await one.backups.backup().result;
    const { backups, host } = newInstallation(one);
    const imports = failAt(host, 2);
    await backups.restore(entry).result.catch(() => undefined);
    await backups.restore(other).result;
    expect(imports.count).toBe(5);
  });

  it("behavior: a cancel takes effect after the chunk at hand", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one);
    const task = backups.restore(entry);
    await new Promise<void>((resolve) => {
      task.state$.subscribe((state) => {
        if (state.status === "running" && state.stage === "importing" && state.progress.kind === "determinate") resolve();
      });
    });
    await task.cancel();
    expect(task.getState().status).toBe("cancelled");
    const [conversation] = host.inbox.conversations.values();
    expect((conversation?.messages.size ?? 0) % 500).toBe(0);
    expect(conversation?.messages.size).toBeLessThan(2_500);
    expect(await backups.restore(entry).result).toMatchObject({ messages: { restored: 2_500 } });
  });

  it("behavior: a chunk that makes no headway is given up, and the app goes on", async () => {
    const { one, entry } = await backedUp(10);
    const { backups, host } = newInstallation(one);
    vi.spyOn(host, "importArchive").mockImplementation(() => new Promise(() => undefined));
    const task = backups.restore(entry);
    await vi.waitFor(() => expect(host.importArchive).toHaveBeenCalled());
    one.clock.advance(120_000);
    await expect(task.result).rejects.toMatchObject({ code: "IMPORT_STALLED" });
    vi.mocked(host.importArchive).mockRestore();
    await expect(backups.restore(entry).result).resolves.toMatchObject({ messages: { restored: 10 } });
  });
});
