import type { TrackedConversation } from "./trackedConversation.ts";
import type { NoticeMemory } from "./noticesOf.ts";

/** What must outlive the process: plain JSON. */
export type ActivationMemory = {
  conversations: readonly TrackedConversation[];
  /** The notices that the user has seen already. */
  notices: NoticeMemory;
  /** The installations whose archives were imported. */
  sourceInstallationIds?: readonly string[];
  /** When another installation of the user was last known to be online. */
  otherInstallationSeenMs?: number;
  /** History was asked for from another installation: automatic arrivals are tracked too. */
  awaited?: AwaitedHistory;
};

/** What the SDK imports silently shows as a difference alone: docs/sdk-facts.md#history-arrives-silently. */
export type AwaitedHistory = {
  askedAtMs: number;
  /** What was inactive then is not part of it. */
  inactiveIds: readonly string[];
};

export const emptyActivationMemory: ActivationMemory = { conversations: [], notices: {} };

/** Whether a note is one: what another version wrote is not read. */
export function isActivationMemory(note: unknown): note is ActivationMemory {
  if (typeof note !== "object" || note === null) return false;
  const { conversations, notices } = note as Partial<Record<keyof ActivationMemory, unknown>>;
  return Array.isArray(conversations) && conversations.every(isTracked) && typeof notices === "object" && notices !== null;
}

function isTracked(value: unknown): value is TrackedConversation {
  if (typeof value !== "object" || value === null) return false;
  const { id, status, expectation, gap } = value as Partial<TrackedConversation>;
  return typeof id === "string" && typeof status === "string" && typeof expectation === "object" && typeof gap === "object";
}
