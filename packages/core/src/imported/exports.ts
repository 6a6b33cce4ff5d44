export type { Imported, ImportedMessages } from "./imported.ts";
export type { ImportedConversation, ImportedHistory } from "./importedHistory.ts";
