/** A conversation into which an import brought something that was not here before. */
export type ImportedMessages = {
  /** As the client's own list names it: of all DMs with one person it lists one. */
  id: string;
  /** Its ids in what was imported. For a DM they may be several, or others than `id`. */
  importedIds: readonly string[];
  /** The conversation was not here before, under any id. @default false */
  isNew?: boolean;
  /** Messages that were not here before; 0 for a new conversation without any. */
  messages: number;
  /** When the first of them was sent, in nanoseconds since 1970: none of them is older. Absent without messages. */
  firstMessageNs?: bigint;
  /** When the last of them was sent, in nanoseconds since 1970: none of them is newer. Absent without messages. */
  lastMessageNs?: bigint;
};

/** What one import brought that was not here before: an app reads these conversations again. */
export type Imported = {
  /** Names the import; absent before the first. */
  id?: string;
  /** Which way it came; absent before the first. */
  by?: "restore" | "historySync";
  conversations: readonly ImportedMessages[];
};

/** What there is to tell before anything was imported. */
export const nothingImported: Imported = { conversations: [] };
