import { type fakeHost, fakeInbox } from "@xmtp-backup/testing";
import { describe, expect, it, vi } from "vitest";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { newInstallation, world } from "../support/world.ts";

/** An archive of two groups in three chunks, and a new phone whose imports and writes of notes are logged. Node's cryptography makes it quick. */
async function logged(features: Partial<ReturnType<typeof fakeHost>["features"]> = {}) {
  const one = world({ inbox: fakeInbox({ groups: 2, messagesEach: 1_100 }) });
  Object.assign(one.host, { primitives: nodePrimitives });
  const { entry } = await one.backups.backup().result;
  const archive = await one.store.get(entry.id);
  const { backups, host } = newInstallation(one, { features });
  Object.assign(host, { primitives: nodePrimitives });
  const log: string[] = [];
  /** Which notes of the import began after which event. */
  const begun: string[] = [];
  const blobs: Blob[] = [];
  /** Called with the number of each import before it begins. */
  const hooks = { before: (_nth: number): void => undefined };
  const importArchive = host.importArchive.bind(host);
  vi.spyOn(host, "importArchive").mockImplementation(async (archive, key, options) => {
    blobs.push(archive);
    log.push(`import ${blobs.length} begins`);
    options?.onBegin?.();
    hooks.before(blobs.length);
    await importArchive(archive, key, options);
    log.push(`import ${blobs.length} ends`);
  });
  const write = host.journal.write.bind(host.journal);
  vi.spyOn(host.journal, "write").mockImplementation(async (name, note, options) => {
    const { doneChunks } = note as { doneChunks?: number };
    if (doneChunks !== undefined) begun.push(`${name} ${doneChunks} after ${log.findLast((event) => event.startsWith("import"))}`);
    await write(name, note, options);
    log.push(doneChunks === undefined ? name : `${name} ${doneChunks}`);
  });
  return { entry, archive, backups, host, log, begun, blobs, hooks };
}

describe("an import of several chunks", () => {
  it("default: what the import is about to bring is noted before it begins", async () => {
    const { entry, backups, log } = await logged();
    await backups.restore(entry).result;
    expect(log.slice(0, log.indexOf("import 1 begins"))).toEqual(expect.arrayContaining(["task", "restoring", "decisions", "bringing"]));
  });

  it("default: a chunk is noted once it is in, and before the chunk after the next begins", async () => {
    const { entry, backups, log } = await logged();
    await backups.restore(entry).result;
    const at = (event: string) => log.indexOf(event);
    for (const chunk of [1, 2]) expect(at(`import ${chunk}`)).toBeGreaterThan(at(`import ${chunk} ends`));
    expect(at("import 3 begins")).toBeGreaterThan(at("import 1"));
    // After the last one there is nothing to go on with.
    expect(log).not.toContain("import 3");
  });

  it("default: a chunk is noted and reported while the next one is imported, so that the SDK does not wait for either", async () => {
    const { entry, backups, log, begun } = await logged();
    const task = backups.restore(entry);
    task.subscribe(() => {
      const state = task.getState();
      if (state.status !== "running" || state.stage !== "importing" || state.progress.kind !== "determinate") return;
      log.push(`reported ${state.progress.done}`);
    });
    await task.result;
    const at = (event: string) => log.indexOf(event);
    expect(begun).toEqual(["import 1 after import 2 begins", "import 2 after import 3 begins"]);
    expect(at("reported 1000")).toBeGreaterThan(at("import 2 begins"));
    expect(at("reported 1000")).toBeLessThan(at("import 2 ends"));
    expect(log).toContain("reported 2200");
  });

  it("behavior: the journal is asked once whose notes it holds, and not before each chunk", async () => {
    const { entry, backups, host } = await logged();
    const read = vi.spyOn(host.journal, "read");
    await backups.restore(entry).result;
    const reads = (name: string) => read.mock.calls.filter(([each]) => each === name).length;
    // Once before the first chunk, and once before the note goes.
    expect(reads("import")).toBe(2);
    expect(reads("task")).toBe(1);
  });

  it("behavior: the next chunk does not wait for what follows the one before", async () => {
    const { entry, backups, host, log, hooks } = await logged();
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    const listConversations = host.listConversations.bind(host);
    vi.spyOn(host, "listConversations").mockImplementation(async (options) => {
      // The decisions of the first chunk are looked up while the second one is imported.
      if (log.at(-1) === "import 1 ends" || log.at(-1) === "import 2 begins") await promise;
      return listConversations(options);
    });
    hooks.before = (nth) => {
      if (nth === 2) resolve();
    };
    expect(await backups.restore(entry).result).toMatchObject({ messages: { restored: 2_200 }, incompleteConversationIds: [] });
  });

  it("behavior: a failure that ends the import waits for what follows the chunk before", async () => {
    const { entry, backups, host, log, hooks } = await logged();
    hooks.before = (nth) => {
      if (nth === 2) throw new Error("the database is locked");
    };
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(log).toContain("import 1");
    expect(await host.journal.read("import")).toMatchObject({ doneChunks: 1 });
  });
});

describe("the bytes of an archive", () => {
  it("default: are decrypted twice, for the check of all of them and for the chunks, whether a manifest names their inbox or not", async () => {
    const { entry, backups, host, archive } = await logged();
    const aes256 = nodePrimitives.aes256?.bind(nodePrimitives);
    const opened = vi.fn<NonNullable<typeof aes256>>((key) => (aes256 as NonNullable<typeof aes256>)(key));
    Object.assign(host, { primitives: { ...nodePrimitives, aes256: opened } });
    // Each reading takes the archive's key, and the row of chunks has one of its own.
    await backups.restore(entry).result;
    expect(opened).toHaveBeenCalledTimes(3);
    await backups.restore(archive).result;
    expect(opened).toHaveBeenCalledTimes(6);
  });
});

describe("a host that imports files", () => {
  it("default: gets each chunk as a file of its own, all of which are released", async () => {
    const { entry, backups, host, blobs } = await logged({ archivesInMemory: false });
    const spool = host.spool.bind(host);
    const spooled: Blob[] = [];
    vi.spyOn(host, "spool").mockImplementation(async (...args) => {
      const file = await spool(...args);
      spooled.push(file.blob);
      return file;
    });
    await backups.restore(entry).result;
    expect(blobs).toHaveLength(3);
    expect(blobs.every((blob, index) => blob === spooled[index])).toBe(true);
    expect(host.unreleased).toBe(0);
  });

  it.each([1, 2, 3])("behavior: the files are released when chunk %i is refused", async (nth) => {
    const { entry, backups, host, hooks } = await logged({ archivesInMemory: false });
    hooks.before = (each) => {
      if (each === nth) throw new Error("FOREIGN KEY constraint failed");
    };
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(host.unreleased).toBe(0);
  });

  it("behavior: they are released when the restore is cancelled while a chunk is imported", async () => {
    const { entry, backups, host, hooks } = await logged({ archivesInMemory: false });
    const task = backups.restore(entry);
    hooks.before = () => void task.cancel();
    await expect(task.result).rejects.toMatchObject({ name: "AbortError" });
    expect(host.unreleased).toBe(0);
  });

  it("behavior: a chunk that has no room on the disk ends the restore", async () => {
    const { entry, backups, host } = await logged({ archivesInMemory: false });
    host.failures.failNext("spool", new Error("ENOSPC"), 9);
    await expect(backups.restore(entry).result).rejects.toThrow();
    expect(host.unreleased).toBe(0);
    expect(host.inbox.conversations.size).toBe(0);
  });
});
