import { BackupError, type Journal, type Json } from "@xmtp-backup/core";
import { keyValueDatabase } from "./keyValueDatabase.ts";

export type IndexedDbJournalOptions = {
  /** The name of the IndexedDB database. @default "xmtp-backup-journal" */
  database?: string;
};

/**
 * Keeps the plugin's notes in an IndexedDB database of this origin, as JSON.
 *
 * @example
 * ```ts
 * import { indexedDbJournal } from "@xmtp-backup/browser";
 *
 * const journal = indexedDbJournal({ database: "my-app-journal" });
 * ```
 */
export function indexedDbJournal({ database = "xmtp-backup-journal" }: IndexedDbJournalOptions = {}): Journal {
  const notes = keyValueDatabase(database);

  async function guarded<T>(shortMessage: string, name: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    if (!/^[a-z0-9-]+$/.test(name)) throw new BackupError("JOURNAL_FAILED", "A note's name has lower-case letters, digits and dashes only.");
    try {
      return await run();
    } catch (error) {
      throw new BackupError("JOURNAL_FAILED", shortMessage, { cause: error });
    }
  }

  return {
    read: (name, { signal } = {}) => guarded("A note can't be read.", name, signal, async () => parse(await notes.get(name))),

    async write(name, note, { signal } = {}) {
      const text = JSON.stringify(note);
      await guarded("A note can't be written.", name, signal, () => notes.change(name, () => text));
    },

    remove: (name, { signal } = {}) => guarded("A note can't be removed.", name, signal, () => notes.change(name, () => undefined)),
  };
}

/** A damaged note reads as absent. */
function parse(text: unknown): Json | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
