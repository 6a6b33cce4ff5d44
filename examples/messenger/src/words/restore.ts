import {
  type ArchivePreview,
  describeImported,
  describeNotRestored,
  type PreviewConversation,
  type RestoreLimit,
  type RestoreResult,
  type RestoreState,
} from "@xmtp-backup/core";
import { bytesText } from "./bytes.ts";
import { countText, numberText } from "./counts.ts";
import { dateText } from "./times.ts";

/** The steps of the restore wizard, in their order. */
export const restoreSteps = [
  { step: "find", label: "Find" },
  { step: "check", label: "Check" },
  { step: "restore", label: "Restore" },
  { step: "done", label: "Done" },
] as const;

export type RestoreWizardStep = (typeof restoreSteps)[number]["step"];

/** Which step a restore is at; one that failed or was cancelled is back at the choice. */
export function restoreStep(state: RestoreState | undefined): RestoreWizardStep {
  switch (state?.status) {
    case "running":
      return ["preparing", "fetching", "verifying"].includes(state.stage) ? "check" : "restore";
    case "awaitingConfirmation":
      return "check";
    case "succeeded":
      return "done";
    default:
      return "find";
  }
}

/** What an archive holds, as labels and values. */
export function previewFacts({ counts, sizeBytes, firstMessageNs, lastMessageNs }: ArchivePreview): { label: string; value: string }[] {
  return [
    { label: "Messages", value: numberText(counts.messages) },
    { label: "Conversations", value: numberText(counts.conversations) },
    ...(firstMessageNs !== undefined && lastMessageNs !== undefined
      ? [{ label: "From", value: rangeText(firstMessageNs, lastMessageNs) }]
      : []),
    { label: "Size", value: bytesText(sizeBytes) },
  ];
}

function rangeText(firstNs: bigint, lastNs: bigint): string {
  const [first, last] = [firstNs, lastNs].map((ns) => dateText(Number(ns / 1_000_000n)));
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** A conversation of an archive in one line. */
export function previewConversation({ kind, name, messages }: PreviewConversation): { title: string; amount: string } {
  return { title: name ?? (kind === "dm" ? "One person" : "A group"), amount: countText(messages, "message") };
}

/** What people want to know before a restore, and what could mislead them after it. */
const limitsBefore: readonly RestoreLimit[] = ["gap", "remoteAttachments", "disappearingTimers"];
const limitsAfter: readonly RestoreLimit[] = ["memberLists", "admins", "createdAt"];

/** The limits, before anything is imported. */
export function notRestoredBefore(preview: ArchivePreview) {
  return describeNotRestored({ ...preview, limits: limitsBefore });
}

/** What did not come back; what only the network knows matters as long as something waits for it. */
export function notRestoredAfter(result: RestoreResult) {
  const isWaiting = result.inactiveConversationIds.length > 0;
  return describeNotRestored(
    { ...result, limits: isWaiting ? result.limits.filter((limit) => limitsAfter.includes(limit)) : [] },
    { isOver: true },
  );
}

/** What a restore brought back and what of it is new here, a sentence each. */
export function resultTexts({ conversations, messages, imported, inactiveConversationIds }: RestoreResult): string[] {
  const inactive = inactiveConversationIds.length;
  return [
    messages.restored === messages.expected
      ? `${countText(messages.restored, "message")} in ${countText(conversations.restored, "conversation")} are back.`
      : `${numberText(messages.restored)} of ${countText(messages.expected, "message")} are back; the rest may follow when you restore again.`,
    `${describeImported(imported).replace(/\.$/, "")}.`,
    ...(inactive > 0 ? [`${countText(inactive, "conversation is", "conversations are")} read-only for now.`] : []),
  ];
}

export const restoreTexts = {
  title: "Bring your messages back",
  steps: "Steps",
  find: "Choose a backup",
  findBody: "The newest one is usually the one you want. Nothing is changed before you have seen what it holds.",
  none: "There is no backup here.",
  locked: "This backup is locked",
  unlocked: "Unlocked. Go on when you are ready.",
  check: "Checking the backup",
  checked: "This is what comes back",
  checkedBody: "Every message was checked. Everything on this device stays, and nothing comes twice.",
  contents: "Conversations of this backup",
  restoring: "Bringing them back",
  restoringBody: "Leave this page open.",
  done: "Welcome back",
  next: "Check this backup",
  confirm: "Restore",
  cancel: "Cancel",
  later: "Not now",
  close: "Go to my chats",
  cancelled: "Cancelled. You can begin again at any time.",
} as const;
