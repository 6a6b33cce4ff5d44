import { type fakeHost, fakeInbox, memoryJournal } from "@xmtp-backup/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { nodePrimitives } from "../../../node/src/host/nodePrimitives.ts";
import { newInstallation, world } from "../support/world.ts";

/** An archive of one group in three chunks, and a phone on which the import of the third failed. Node's cryptography makes it quick. */
async function interrupted() {
  const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 2_500 }) });
  Object.assign(one.host, { primitives: nodePrimitives });
  const { entry } = await one.backups.backup().result;
  const { backups, host } = newInstallation(one);
  Object.assign(host, { primitives: nodePrimitives });
  const imports = countImports(host);
  imports.failAt = 3;
  await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
  Object.assign(imports, { count: 0, failAt: 0 });
  return { one, entry, backups, host, imports };
}

/** Counts the imports, and lets the nth fail as a database does that lacks what the chunk refers to. */
function countImports(host: ReturnType<typeof fakeHost>) {
  const imports = { count: 0, failAt: 0 };
  const importArchive = host.importArchive.bind(host);
  vi.spyOn(host, "importArchive").mockImplementation(async (...args) => {
    imports.count += 1;
    if (imports.count === imports.failAt) throw new Error("FOREIGN KEY constraint failed");
    return importArchive(...args);
  });
  return imports;
}

const everything = { messages: { restored: 2_500, expected: 2_500 }, incompleteConversationIds: [] };

describe("a restore that goes on", () => {
  it("default: imports what the note does not claim, once the client holds what it claims", async () => {
    const { entry, backups, host, imports } = await interrupted();
    expect(await host.journal.read("import")).toMatchObject({ version: 1, doneChunks: 2, chunking: { messagesPerChunk: 1_000 } });
    expect(await backups.restore(entry).result).toMatchObject(everything);
    expect(imports.count).toBe(1);
    expect(await host.journal.read("import")).toBeUndefined();
  });

  it("behavior: a note that outlived the data after a power loss does not count", async () => {
    const { entry, backups, host, imports } = await interrupted();
    const [conversation] = host.inbox.conversations.values();
    for (const id of [...conversation!.messages.keys()].slice(1_000)) conversation!.messages.delete(id);
    expect(await backups.restore(entry).result).toMatchObject(everything);
    expect(imports.count).toBe(3);
  });

  it("behavior: nor does it when the conversation is gone, or the client can't tell", async () => {
    for (const lose of ["everything", "answer"] as const) {
      const { entry, backups, host, imports } = await interrupted();
      if (lose === "everything") host.inbox.conversations.clear();
      else host.failures.failNext("countMessages", new Error("no such table"));
      expect(await backups.restore(entry).result).toMatchObject(everything);
      expect(imports.count).toBe(3);
    }
  });

  it("behavior: newer messages of the conversation are not taken for those of the note", async () => {
    const { entry, backups, host, imports } = await interrupted();
    const [conversation] = host.inbox.conversations.values();
    const [first] = conversation!.messages.values();
    conversation!.messages.clear();
    for (let index = 0; index < 3_000; index += 1) {
      conversation!.messages.set(`new ${index}`, {
        ...first!,
        id: `new ${index}`,
        sentAtNs: BigInt(Date.now() + index) * 1_000_000n + 10n ** 18n,
      });
    }
    expect(await backups.restore(entry).result).toMatchObject(everything);
    expect(imports.count).toBe(3);
  });

  it.each([
    ["of a restore with other options", (note: { chunking?: object }) => ({ ...note, chunking: { ...note.chunking, unsent: "keep" } })],
    ["cut in another way", (note: object) => ({ ...note, chunking: { version: 1, messagesPerChunk: 500, maxChunkBytes: 4_194_304 } })],
    [
      "of an earlier version, which says no size",
      ({ sha256, doneChunks }: { sha256?: string; doneChunks?: number }) => ({ sha256, doneChunks }),
    ],
    ["that claims more than there is", (note: object) => ({ ...note, doneChunks: 40 })],
    ["of no sense", () => ({ sha256: 4, doneChunks: "all" })],
  ])("behavior: a note %s begins at the first chunk", async (_title, change) => {
    const { entry, backups, host, imports } = await interrupted();
    await host.journal.write("import", change((await host.journal.read("import")) as object));
    expect(await backups.restore(entry).result).toMatchObject(everything);
    expect(imports.count).toBe(3);
  });

  it("behavior: an import that fails after a note begins once more at the first chunk", async () => {
    const { entry, backups, imports } = await interrupted();
    imports.failAt = 1;
    expect(await backups.restore(entry).result).toMatchObject(everything);
    expect(imports.count).toBe(4);
  });

  it("behavior: it does so once, and the next restore does not meet the note again", async () => {
    const { entry, backups, host, imports } = await interrupted();
    host.failures.failNext("importArchive", new Error("FOREIGN KEY constraint failed"), 2);
    await expect(backups.restore(entry).result).rejects.toMatchObject({ code: "IMPORT_FAILED" });
    expect(imports.count).toBe(2);
    expect(await host.journal.read("import")).toBeUndefined();
    expect(await backups.restore(entry).result).toMatchObject(everything);
  });
});

describe("a journal that fails while an archive is imported", () => {
  /** Lets every write of the import's note fail. */
  function deafJournal() {
    const journal = memoryJournal();
    const write = journal.write.bind(journal);
    vi.spyOn(journal, "write").mockImplementation((name, ...rest) =>
      name === "import" ? Promise.reject(new Error("EIO")) : write(name, ...rest),
    );
    return journal;
  }

  async function backedUp() {
    const one = world({ inbox: fakeInbox({ groups: 1, messagesEach: 2_500 }) });
    return { one, entry: (await one.backups.backup().result).entry };
  }

  it("behavior: the import goes on, and nothing is left unhandled meanwhile", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one, { journal: deafJournal() });
    const importArchive = host.importArchive.bind(host);
    vi.spyOn(host, "importArchive").mockImplementation(async (...args) => {
      await new Promise((resolve) => setImmediate(resolve));
      return importArchive(...args);
    });
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    onTestFinished(() => void process.off("unhandledRejection", unhandled));
    expect(await backups.restore(entry).result).toMatchObject(everything);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it("behavior: one that fails to read what is followed already is not asked, and so leaves nothing unhandled", async () => {
    const { one, entry } = await backedUp();
    const journal = memoryJournal();
    const { backups } = newInstallation(one, { journal });
    await backups.restore(entry).result;
    const read = journal.read.bind(journal);
    vi.spyOn(journal, "read").mockImplementation((name, ...rest) =>
      name === "activation" ? Promise.reject(new Error("EIO")) : read(name, ...rest),
    );
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    onTestFinished(() => void process.off("unhandledRejection", unhandled));
    expect(await backups.restore(entry).result).toMatchObject(everything);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
    backups.stop();
  });

  it("behavior: it does not hide why the import failed", async () => {
    const { one, entry } = await backedUp();
    const { backups, host } = newInstallation(one, { journal: deafJournal() });
    countImports(host).failAt = 2;
    await expect(backups.restore(entry).result).rejects.toMatchObject({
      code: "IMPORT_FAILED",
      cause: { message: "FOREIGN KEY constraint failed" },
    });
  });
});
