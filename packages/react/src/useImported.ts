import type { Imported } from "@xmtp-backup/core";
import { useBackups } from "./backupsProvider.ts";
import { useCurrent } from "./current.ts";

const nothing: Imported = { conversations: [] };

/**
 * What the last import brought that was not here before, kept current: what to read again.
 *
 * @example
 * ```tsx
 * import { useImported } from "@xmtp-backup/react";
 * import { useEffect } from "react";
 *
 * function useFreshMessages(conversationId: string, reload: () => void) {
 *   const { conversations } = useImported();
 *   useEffect(() => {
 *     if (conversations.some(({ id, importedIds }) => id === conversationId || importedIds.includes(conversationId))) reload();
 *   }, [conversations, conversationId, reload]);
 * }
 * ```
 */
export function useImported(): Imported {
  return useCurrent(useBackups().imported$, nothing);
}
