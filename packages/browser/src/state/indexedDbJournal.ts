import { assertShape, type Journal } from "@xmtp-backup/core";
import { keyValueDatabase } from "./keyValueDatabase.ts";
import { notesIn } from "./notesIn.ts";

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
export function indexedDbJournal(options: IndexedDbJournalOptions = {}): Journal {
  assertShape("indexedDbJournal", options, { database: "text?" });
  const { database = "xmtp-backup-journal" } = options;
  return notesIn(keyValueDatabase(database));
}
