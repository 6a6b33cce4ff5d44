import type { Json } from "@xmtp-backup/core";
import { memoryJournal } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { backUp, newInstallation, world } from "../support/world.ts";

const names = ["task", "import", "policy", "accepted-smaller", "activation", "restoring", "decisions"];

/** What a newer app may have left: shapes that this one can't know. */
const newer: Json = { version: 2, policies: [], conversations: 7, sha256: { parts: [] }, kind: "merge" };

function journalWith(note: Json) {
  return memoryJournal(new Map(names.map((name) => [name, JSON.stringify(note)])));
}

describe("the notes of the journal", () => {
  it("default: each says its version", async () => {
    const one = world({}, { policy: { frequency: "daily" } });
    const entry = await backUp(one.backups);
    const { backups, host } = newInstallation(one);
    const seen = new Map<string, unknown>();
    const write = host.journal.write.bind(host.journal);
    host.journal.write = async (name, note, options) => {
      seen.set(name, (note as { version?: number }).version);
      await write(name, note, options);
    };
    await backups.start();
    await backups.restore(entry).result;
    backups.stop();
    expect(Object.fromEntries(seen)).toMatchObject({ task: 1, activation: 1, restoring: 1, decisions: 1, policy: 1 });
  });

  it.each([
    ["a newer version", newer],
    ["no version that makes sense", { version: "next" }],
  ])("behavior: one of %s is never touched, and the app works beside it", async (_title, note) => {
    const one = world();
    const entry = await backUp(one.backups);
    const journal = journalWith(note);
    const { backups } = newInstallation(one, { journal });
    expect(await backups.start()).toBeUndefined();
    expect((await backups.restore(entry).result).messages).toEqual({ restored: 6, expected: 6 });
    await backUp(backups);
    backups.stop();
    for (const name of names) expect(JSON.parse(journal.notes.get(name)!)).toEqual(note);
  });

  it("behavior: one that a newer app leaves while this one runs is not touched either", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const journal = journalWith({ version: 1 });
    const { backups } = newInstallation(one, { journal });
    await backups.start();
    await backUp(backups);
    for (const name of names) journal.notes.set(name, JSON.stringify(newer));
    await backups.restore(entry).result;
    await backUp(backups);
    backups.stop();
    for (const name of names) expect(JSON.parse(journal.notes.get(name)!)).toEqual(newer);
  });

  it("behavior: a task that is cancelled before its first note leaves that of a newer app", async () => {
    const one = world();
    const journal = journalWith({ version: 1 });
    const { backups, host } = newInstallation(one, { journal });
    await backUp(backups);
    const { tryAcquire } = host.lock;
    let cancel = () => {};
    host.lock.tryAcquire = async (...call) => {
      const unlock = await tryAcquire(...call);
      journal.notes.set("task", JSON.stringify(newer));
      cancel();
      return unlock;
    };
    const task = backups.backup();
    cancel = () => void task.cancel();
    await expect(task.result).rejects.toBeDefined();
    expect(JSON.parse(journal.notes.get("task")!)).toEqual(newer);
  });

  it("behavior: an app that was set back follows what it restored all the same, after a restart too", async () => {
    const one = world();
    const entry = await backUp(one.backups);
    const journal = journalWith(newer);
    const { backups, host } = newInstallation(one, { journal });
    await backups.restore(entry).result;
    backups.stop();
    const later = newInstallation(one, { journal, inbox: host.inbox });
    await later.backups.start();
    expect(later.backups.canWrite([...host.inbox.conversations.keys()][0]!)).toBe(false);
    later.backups.stop();
  });

  it("behavior: one without a version is of the first one", async () => {
    const one = world();
    const { archives, manifests } = one.store;
    const id = crypto.randomUUID();
    archives.set(id, new Uint8Array(4));
    const task = { kind: "backup", taskId: "t", stage: "storing", startedAtMs: 1, archiveId: id };
    const { backups } = newInstallation(one, { journal: memoryJournal(new Map([["task", JSON.stringify(task)]])) });
    expect(await backups.start()).toEqual(task);
    expect([archives.size, manifests.size]).toEqual([0, 0]);
    backups.stop();
  });
});
