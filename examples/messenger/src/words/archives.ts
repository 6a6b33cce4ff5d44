import { type ArchiveEntry, describeRetention, type RetentionDecision } from "@xmtp-backup/core";
import { bytesText } from "./bytes.ts";
import { countText } from "./counts.ts";
import { capitalized } from "./plain.ts";
import { whenText } from "./times.ts";

/** What an archive is called: its name, or else when it was made, where that is known. */
export function archiveTitle({ createdAtMs, details }: ArchiveEntry, nowMs: number): string {
  if (createdAtMs === 0) return "Backup of an unknown date";
  return details?.name ?? `Backup ${whenText(createdAtMs, nowMs)}`;
}

/** When it was made, what it holds and how large it is, each on its own. */
export function archiveFacts({ createdAtMs, sizeBytes, details }: ArchiveEntry, nowMs: number): string[] {
  const { messages = 0, conversations = 0 } = details?.counts ?? {};
  return [
    ...(details?.name === undefined ? [] : [capitalized(whenText(createdAtMs, nowMs))]),
    ...(details ? [countText(messages, "message"), countText(conversations, "conversation")] : []),
    ...(sizeBytes > 0 ? [bytesText(sizeBytes)] : []),
  ];
}

/** Why an archive can't be opened here; undefined when it can. */
export function sealText(archive: ArchiveEntry): string | undefined {
  const { seal } = archive;
  if (archive.seal === "open" && archive.isOtherNetwork) return "From another network: it does not belong here";
  if (seal === "otherKey") return "Locked: one of your ways in opens it";
  if (seal === "unsupported") return "Made by a newer version: update the app to open it";
  if (seal === "chainBroken") return "It needs an earlier backup that is not there any more";
  return seal === "damaged" ? "Damaged: it can't be opened" : undefined;
}

/** Whether an archive can be restored here as it is. */
export function canRestore(archive: ArchiveEntry): boolean {
  return archive.seal === "open" && archive.isOtherNetwork !== true;
}

/** What becomes of an archive when the next one is made, and why. */
export function retentionText({ action, reasons }: RetentionDecision): string {
  return `${action === "keep" ? "Stays" : "Goes with the next backup"}: ${describeRetention(reasons).join(" ")}`;
}

export const archiveTexts = {
  title: "Your backups",
  empty: "No backup yet",
  emptyBody: "The first one takes a moment. It also makes the key that only you have.",
  loading: "Looking for your backups …",
  retry: "Try again",
  pin: "Keep for good",
  unpin: "No longer keep for good",
  rename: "Rename",
  remove: "Delete",
  restore: "Restore",
} as const;

/** The dialog that gives an archive a name. */
export const renameTexts = {
  title: "Name this backup",
  label: "Name",
  hint: "A backup with a name stays until you delete it.",
  save: "Save",
  cancel: "Cancel",
} as const;

/** The question before an archive is deleted. */
export function removeQuestion(title: string) {
  return {
    title: "Delete this backup?",
    body: `“${title}” is gone for good then. Your messages on this device stay.`,
    confirm: "Delete",
    cancel: "Keep it",
  };
}
