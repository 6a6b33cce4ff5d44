import type { TrackedConversation } from "@xmtp-backup/core";
import { useMemo } from "react";
import { useBackups } from "./backupsProvider.ts";
import { useCurrent } from "./current.ts";

export type UseConversationActive = {
  /** False for a restored conversation until it is active again. */
  canWrite: boolean;
  /** Where it stands; undefined while it was not restored. */
  state: TrackedConversation | undefined;
};

/**
 * Whether a conversation can be written, kept current.
 *
 * @example
 * ```tsx
 * import { useConversationActive } from "@xmtp-backup/react";
 *
 * const Composer = ({ id }: { id: string }) => <textarea disabled={!useConversationActive(id).canWrite} />;
 * ```
 */
export function useConversationActive(conversationId: string): UseConversationActive {
  const backups = useBackups();
  const { state$ } = useMemo(() => backups.conversation(conversationId), [backups, conversationId]);
  const state = useCurrent(state$, undefined);
  return { state, canWrite: !state || backups.canWrite(conversationId) };
}
