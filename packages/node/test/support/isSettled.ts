import type { Backups } from "@xmtp-backup/core";
import { firstValueFrom } from "rxjs";

/** Whether every restored conversation is active again. */
export async function isSettled({ activation$ }: Backups): Promise<boolean> {
  const { active, total } = await firstValueFrom(activation$);
  return total > 0 && active === total;
}
