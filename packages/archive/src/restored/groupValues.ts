import type { ArchiveGroup, MembershipState } from "../model/archiveRecord.ts";

/** What an SDK's import replaces in a conversation's record until a member's client lets the installation in again. */
export type ArchiveGroupValues = {
  createdAtNs: bigint;
  /** Absent where the record does not say. */
  creatorInboxId?: string;
  /** Who added the user. */
  addedByInboxId: string;
  adminInboxIds: readonly string[];
  superAdminInboxIds: readonly string[];
  membershipState: MembershipState;
};

/**
 * Whether a record says only that its conversation was restored: all of its values are the SDK's placeholders
 * (docs/sdk-facts.md#restored-values).
 */
export const isPlaceholder = (group: ArchiveGroup): boolean => {
  const { membershipState, installationsLastCheckedNs, rotatedAtNs, welcomeId, addedByInboxId, metadata, mutableMetadata } = group;
  const isUntouched = membershipState === "restored" && installationsLastCheckedNs === 0n && rotatedAtNs === 0n && welcomeId === undefined;
  const isImporter = (inboxId: string) => inboxId === addedByInboxId;
  return (
    isUntouched &&
    isImporter(metadata?.creatorInboxId ?? addedByInboxId) &&
    (mutableMetadata?.adminList ?? []).length === 0 &&
    (mutableMetadata?.superAdminList ?? []).every(isImporter)
  );
};

/** What a record says of its conversation; nothing if it is a placeholder. */
export const groupValuesOf = (group: ArchiveGroup): ArchiveGroupValues | undefined => {
  if (isPlaceholder(group)) return undefined;
  const { createdAtNs, addedByInboxId, membershipState, metadata, mutableMetadata } = group;
  return {
    createdAtNs,
    ...(metadata !== undefined && { creatorInboxId: metadata.creatorInboxId }),
    addedByInboxId,
    adminInboxIds: mutableMetadata?.adminList ?? [],
    superAdminInboxIds: mutableMetadata?.superAdminList ?? [],
    membershipState,
  };
};

/** A placeholder with what is known of its conversation; names, texts, timers and unknown fields stay as they are. */
export const withGroupValues = (
  group: ArchiveGroup,
  { createdAtNs, creatorInboxId, addedByInboxId, adminInboxIds, superAdminInboxIds, membershipState }: ArchiveGroupValues,
): ArchiveGroup => {
  const { metadata, mutableMetadata } = group;
  const lists = { adminList: adminInboxIds, superAdminList: superAdminInboxIds };
  return {
    ...group,
    createdAtNs,
    addedByInboxId,
    membershipState,
    ...(creatorInboxId !== undefined && { metadata: { ...metadata, creatorInboxId } }),
    ...((mutableMetadata !== undefined || adminInboxIds.length + superAdminInboxIds.length > 0) && {
      mutableMetadata: { attributes: {}, ...mutableMetadata, ...lists },
    }),
  };
};
