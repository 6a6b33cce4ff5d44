/** Names one archive in a store: a lower-case UUID, never anything that a user typed. */
export type ArchiveId = string;
