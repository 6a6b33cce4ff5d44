import type { Backups } from "@xmtp-backup/core";
import { currentOf } from "./currentOf.ts";

/** Whether every restored conversation is active again. */
export function isSettled({ activation$ }: Backups): boolean {
  const { active, total } = currentOf(activation$);
  return total > 0 && active === total;
}
