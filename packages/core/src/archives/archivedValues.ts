/**
 * What an archive says of a conversation, and the SDK replaces by placeholders until a member's client lets the installation in
 * (docs/sdk-facts.md#restored-values).
 */
export type ArchivedValues = {
  /** When the client that made the archive came to know it, in nanoseconds since 1970. */
  createdAtNs: bigint;
  creatorInboxId?: string;
  /** Who added the user. */
  addedByInboxId: string;
  /** None of a DM. */
  adminInboxIds: readonly string[];
  /** None of a DM. */
  superAdminInboxIds: readonly string[];
};

/** The same, and which archive says so. */
export type DatedValues = ArchivedValues & {
  /** When the SDK exported the archive, in nanoseconds since 1970. */
  exportedAtNs: bigint;
};
