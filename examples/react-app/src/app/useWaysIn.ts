import type { KeyRingState } from "@xmtp-backup/keys";
import { useCallback, useEffect, useState } from "react";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** How the key ring stands; `reload` after each change of it. */
export function useWaysIn() {
  const { recovery } = useSignedIn().session;
  const { run, error } = useAction();
  const [ways, setWays] = useState<KeyRingState>();
  const reload = useCallback(() => void run(async () => setWays(await recovery.ways())), [run, recovery]);
  useEffect(reload, [reload]);
  return { ways, error, reload };
}
