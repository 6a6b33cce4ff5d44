import type { TrackedConversation } from "@xmtp-backup/core";
import { computed, type ComputedRef, type MaybeRefOrGetter, type ShallowRef, toValue } from "vue";
import { useBackups } from "./backupsPlugin.ts";
import { useCurrent } from "./current.ts";

export type UseConversationActive = {
  /** False for a restored conversation until it is active again. */
  canWrite: ComputedRef<boolean>;
  /** Where it stands; undefined while it was not restored. */
  state: Readonly<ShallowRef<TrackedConversation | undefined>>;
};

/**
 * Whether a conversation can be written, kept current.
 *
 * @example
 * ```ts
 * import { useConversationActive } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const Composer = defineComponent((props: { id: string }) => {
 *   const { canWrite } = useConversationActive(() => props.id);
 *   return () => h("textarea", { disabled: !canWrite.value });
 * }, { props: ["id"] });
 * ```
 */
export function useConversationActive(conversationId: MaybeRefOrGetter<string>): UseConversationActive {
  const backups = useBackups();
  const state = useCurrent<TrackedConversation | undefined>(() => backups.conversation(toValue(conversationId)).state$, undefined);
  return { state, canWrite: computed(() => !state.value || backups.canWrite(toValue(conversationId))) };
}
