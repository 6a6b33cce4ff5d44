import type { TrackedConversation } from "./trackedConversation.ts";

/** Something of the restored conversations that is worth telling the user once. */
export type ActivationNotice =
  | { type: "first" | "half" | "all"; active: number; total: number }
  | { type: "stalled"; conversation: TrackedConversation };
