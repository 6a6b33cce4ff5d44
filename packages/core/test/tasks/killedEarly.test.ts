import { createBackups } from "@xmtp-backup/core";
import { fakeHost, memoryJournal } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { backUp, world } from "../support/world.ts";

/** A process that is killed while its task writes the note of a stage; a new one on the same device starts. */
async function killedIn(kind: "backup" | "restore") {
  const notes = new Map<string, string>();
  const journal = memoryJournal(notes);
  const one = world({ journal });
  const entry = await backUp(one.backups);
  const write = journal.write.bind(journal);
  await new Promise<void>((reached) => {
    journal.write = (name, note, options) => {
      const { stage } = note as { stage?: string };
      if (name !== "task" || (stage !== "exporting" && stage !== "fetching")) return write(name, note, options);
      reached();
      return new Promise(() => {});
    };
    const task = kind === "backup" ? one.backups.backup() : one.backups.restore(entry);
    task.result.catch(reached);
  });
  const { store, keys, clock } = one;
  return createBackups({ host: fakeHost({ journal: memoryJournal(notes) }), store, keys, clock });
}

describe("a process that is killed while it notes the first stage of its work", () => {
  it.each(["backup", "restore"] as const)(
    "default: the next start says that a %s was interrupted, and so does the status",
    async (kind) => {
      const backups = await killedIn(kind);
      let shown: unknown;
      backups.status$.subscribe(({ interrupted }) => (shown = interrupted));
      const interrupted = await backups.start();
      expect(interrupted).toMatchObject({ kind, stage: "preparing" });
      expect(shown).toEqual(interrupted);
      backups.stop();
      expect(await backups.start()).toBeUndefined();
      backups.stop();
    },
  );
});
