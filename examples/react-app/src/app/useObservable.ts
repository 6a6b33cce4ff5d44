import { useMemo, useSyncExternalStore } from "react";
import type { Observable } from "rxjs";

/** The latest value of an observable; `initial` until it has emitted one. */
export function useObservable<T, Initial>(value$: Observable<T>, initial: Initial): T | Initial {
  const { subscribe, getSnapshot } = useMemo(() => {
    let current: T | Initial = initial;
    value$.subscribe((value) => (current = value)).unsubscribe();
    return {
      subscribe(changed: () => void) {
        const subscription = value$.subscribe((value) => {
          current = value;
          changed();
        });
        return () => subscription.unsubscribe();
      },
      getSnapshot: () => current,
    };
  }, [value$, initial]);
  return useSyncExternalStore(subscribe, getSnapshot);
}
