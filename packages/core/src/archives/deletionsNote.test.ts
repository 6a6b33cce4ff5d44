import type { ArchiveDeletion } from "@xmtp-backup/archive";
import { describe, expect, it } from "vitest";
import type { Journal, Json } from "../ports/journal.ts";
import { noteDeletions, readDeletions } from "./deletionsNote.ts";

const deletion: ArchiveDeletion = { messageId: "ab", conversationId: "cd", senderInboxId: "ef", sentAtNs: 2n ** 62n, isBySuperAdmin: true };

function memoryJournal(): Journal {
  const notes = new Map<string, Json>();
  return {
    read: async (name, { signal } = {}) => {
      signal?.throwIfAborted();
      return notes.get(name);
    },
    write: async (name, note) => void notes.set(name, structuredClone(note)),
    remove: async (name) => void notes.delete(name),
  };
}

describe("the note of deletions", () => {
  it("default: reads what was noted, archive after archive", async () => {
    const journal = memoryJournal();
    expect(await readDeletions(journal)).toEqual([]);
    await noteDeletions(journal, [deletion]);
    await noteDeletions(journal, [{ ...deletion, messageId: "12" }]);
    expect(await readDeletions(journal)).toEqual([deletion, { ...deletion, messageId: "12" }]);
  });

  it.each([[["ab", "cd", "ef", "no time", true]], [["ab", "cd", "ef", "1"]], ["ab"], [[1, "cd", "ef", "1", true]]])(
    "behavior: a note that makes no sense is none: %j",
    async (entry) => {
      const journal = memoryJournal();
      await journal.write("deletions", { version: 1, deletions: [entry] });
      expect(await readDeletions(journal)).toEqual([]);
    },
  );

  it("behavior: an abort rejects with its reason", async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    await expect(readDeletions(memoryJournal(), { signal })).rejects.toThrow("stop");
  });
});
