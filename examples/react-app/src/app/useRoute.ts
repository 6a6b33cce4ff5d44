import { type Route, routeOf } from "@xmtp-backup/example-messenger/words";
import { useMemo, useSyncExternalStore } from "react";

/** Where the user is: the hash of the page. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => routeOf(hash), [hash]);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}
