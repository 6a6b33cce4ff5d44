import type { Imported } from "@xmtp-backup/core";
import type { ShallowRef } from "vue";
import { useBackups } from "./backupsPlugin.ts";
import { useCurrent } from "./current.ts";

const nothing: Imported = { conversations: [] };

/**
 * What the last import brought that was not here before, kept current: what to read again.
 *
 * @example
 * ```ts
 * import { useImported } from "@xmtp-backup/vue";
 * import { watch } from "vue";
 *
 * export function useFreshMessages(conversationId: () => string, reload: () => void): void {
 *   watch(useImported(), ({ conversations }) => {
 *     if (conversations.some(({ id, importedIds }) => id === conversationId() || importedIds.includes(conversationId()))) reload();
 *   });
 * }
 * ```
 */
export function useImported(): Readonly<ShallowRef<Imported>> {
  const { imported$ } = useBackups();
  return useCurrent(() => imported$, nothing);
}
