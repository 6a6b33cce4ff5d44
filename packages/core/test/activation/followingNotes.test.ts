import { BackupError, createBackups } from "@xmtp-backup/core";
import { type FakeClock, fakeHost, memoryJournal } from "@xmtp-backup/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { world } from "../support/world.ts";
import { ends, listening } from "../support/listening.ts";

afterEach(() => {
  ends
    .splice(0)
    .reverse()
    .forEach((end) => end());
  vi.restoreAllMocks();
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
