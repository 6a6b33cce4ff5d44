import type { ActivationState, TrackedConversation } from "@xmtp-backup/core";

export const activationTexts = {
  label: "Restored conversations",
  dismiss: "Got it",
} as const;

/** Whether the user can have it followed again: they left it, or dismissed it. */
export function canFollowAgain({ status, isOfOtherInbox = false }: TrackedConversation): boolean {
  return status === "dismissed" || (status === "readOnly" && !isOfOtherInbox);
}

/** How many conversations can become active, and whether all have: nothing is waited for where the user left or another inbox was. */
export function activationCount({ active, total, readOnly = 0 }: ActivationState): { awaited: number; isDone: boolean } {
  const awaited = total - readOnly;
  return { awaited, isDone: active === awaited };
}

/** The reminders that are worth a tap, and what the tap is called. */
export const reminderActions = {
  backup: "Back up now",
  setUp: "Set up",
  confirmKey: "Show the phrase",
  freeSpace: "Free some space",
  resolve: "Take a look",
  acceptSmaller: "See your backups",
} as const;

export const reminderTexts = { label: "Suggestions", dismiss: "Not now", tomorrow: "Tomorrow", accept: "That is right" } as const;
