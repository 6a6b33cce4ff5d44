import { BackupError, type Journal, type Json } from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";

/** A journal in memory, with switches that make it fail; `notes` holds the JSON text under each name. */
export function memoryJournal(notes = new Map<string, string>()): Journal & { failures: Failures; notes: Map<string, string> } {
  const failures = createFailures();
  return {
    failures,
    notes,
    async read(name, { signal } = {}) {
      await failures.pass("read", signal);
      const text = notes.get(name);
      return text === undefined ? undefined : (JSON.parse(text) as Json);
    },
    async write(name, note, { signal } = {}) {
      await failures.pass("write", signal);
      if (!/^[a-z0-9-]+$/.test(name))
        throw new BackupError("JOURNAL_FAILED", "A note's name has lower-case letters, digits and dashes only.");
      notes.set(name, JSON.stringify(note));
    },
    async remove(name, { signal } = {}) {
      await failures.pass("remove", signal);
      notes.delete(name);
    },
  };
}
