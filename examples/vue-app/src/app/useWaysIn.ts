import type { KeyRingState } from "@xmtp-backup/keys";
import { shallowRef } from "vue";
import { useSignedIn } from "./session.ts";
import { useAction } from "./useAction.ts";

/** How the key ring stands; `reload` after each change of it. */
export function useWaysIn() {
  const { recovery } = useSignedIn().session;
  const { run, error } = useAction();
  const ways = shallowRef<KeyRingState>();
  const reload = () => void run(async () => void (ways.value = await recovery.ways()));
  reload();
  return { ways, error, reload };
}
