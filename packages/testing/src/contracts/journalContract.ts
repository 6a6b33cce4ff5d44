import type { Journal, Json } from "@xmtp-backup/core";
import type { ContractCase } from "./contractCase.ts";
import { expectAbort, expectEqual, expectRefusal } from "./expectations.ts";
import { ownCase } from "./ownCase.ts";

/** A new and empty journal for each case; `reopen` gives a second one over the same place, as after a restart. */
export type JournalSetUp = () => Promise<{ journal: Journal; reopen?: () => Journal; dispose?: () => Promise<void> }>;

/** What every `Journal` must do. */
export function journalContract(setUp: JournalSetUp): ContractCase[] {
  const withJournal = (name: string, run: (journal: Journal, reopen: () => Journal) => Promise<void>): ContractCase =>
    ownCase(setUp, name, ({ journal, reopen }) => run(journal, reopen ?? (() => journal)));

  return [
    withJournal("default: reads only what was written", async (journal) => {
      expectEqual(await journal.read("task"), undefined, "the note");
    }),
    withJournal("default: reads what was written, after a restart too", async (journal, reopen) => {
      const note: Json = { list: [1, "two", null, true], nested: { text: "é 🎉 \n \u0000" } };
      await journal.write("task", note);
      expectEqual(await reopen().read("task"), note, "the note");
    }),
    withJournal("behavior: a note is replaced whole", async (journal) => {
      await journal.write("task", { a: "x".repeat(10_000), b: 1 });
      await journal.write("task", { c: 2 });
      expectEqual(await journal.read("task"), { c: 2 }, "the note");
    }),
    withJournal("behavior: notes of other names are apart", async (journal) => {
      await journal.write("task", 1);
      await journal.write("activation", 2);
      await journal.remove("task");
      expectEqual([await journal.read("task"), await journal.read("activation")], [undefined, 2], "the notes");
    }),
    withJournal("behavior: removing a missing one does nothing", async (journal) => {
      await journal.remove("task");
    }),
    withJournal("behavior: writes at the same time leave one of the notes", async (journal) => {
      const notes = Array.from({ length: 20 }, (_, index) => ({ index, filler: "x".repeat(index * 100) }));
      await Promise.all(notes.map((note) => journal.write("task", note)));
      const left = (await journal.read("task")) as { index: number };
      expectEqual(left, notes[left.index], "the note");
    }),
    withJournal("behavior: keeps no reference to what was written", async (journal) => {
      const note = { count: 1 };
      await journal.write("task", note);
      note.count = 2;
      expectEqual(await journal.read("task"), { count: 1 }, "the note");
    }),
    withJournal("parameters: name: refuses one that could leave the place", async (journal) => {
      for (const name of ["../task", "a/b", "", "Task", "."]) {
        await expectRefusal(() => journal.write(name, 1), ["JOURNAL_FAILED"], `writing ${JSON.stringify(name)}`);
      }
    }),
    withJournal("parameters: signal: an aborted call rejects with its reason", async (journal) => {
      await expectAbort((signal) => journal.read("task", { signal }), "read");
      await expectAbort((signal) => journal.write("task", 1, { signal }), "write");
      await expectAbort((signal) => journal.remove("task", { signal }), "remove");
      expectEqual(await journal.read("task"), undefined, "the note");
    }),
  ];
}
