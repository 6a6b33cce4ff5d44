import { type Route, routeOf } from "@xmtp-backup/example-messenger/words";
import { computed, type ComputedRef, onScopeDispose, ref } from "vue";

/** Where the user is: the hash of the page. */
export function useRoute(): ComputedRef<Route> {
  const hash = ref(window.location.hash);
  const follow = () => (hash.value = window.location.hash);
  window.addEventListener("hashchange", follow);
  onScopeDispose(() => window.removeEventListener("hashchange", follow));
  return computed(() => routeOf(hash.value));
}
