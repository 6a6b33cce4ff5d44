import type { ActivationState } from "@xmtp-backup/core";
import type { ShallowRef } from "vue";
import { useBackups } from "./backupsPlugin.ts";
import { useCurrent } from "./current.ts";

const none: ActivationState = {
  total: 0,
  active: 0,
  waiting: 0,
  recreating: 0,
  stalled: 0,
  dismissed: 0,
  conversations: [],
  changed: [],
  recreatable: [],
};

/**
 * What becomes of the restored conversations, kept current.
 *
 * @example
 * ```ts
 * import { useActivation } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const Banner = defineComponent(() => {
 *   const activation = useActivation();
 *   return () => h("p", `${activation.value.active} of ${activation.value.total} conversations are active again`);
 * });
 * ```
 */
export function useActivation(): Readonly<ShallowRef<ActivationState>> {
  const { activation$ } = useBackups();
  return useCurrent(() => activation$, none);
}
