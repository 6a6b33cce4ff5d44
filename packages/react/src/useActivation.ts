import type { ActivationState } from "@xmtp-backup/core";
import { useBackups } from "./backupsProvider.ts";
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
 * ```tsx
 * import { useActivation } from "@xmtp-backup/react";
 *
 * function Banner() {
 *   const { active, total } = useActivation();
 *   return <p>{active} of {total} conversations are active again</p>;
 * }
 * ```
 */
export function useActivation(): ActivationState {
  return useCurrent(useBackups().activation$, none);
}
