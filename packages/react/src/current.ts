import { useMemo, useSyncExternalStore } from "react";

/** An observable that tells its current value first, the same object until it changes: what core's names ending in `$` are. */
export type Current<T> = { subscribe(next: (value: T) => void): { unsubscribe(): void } };

/** The current value, kept current; `initial` on a server, and where the observable has ended before anybody looked. */
export function useCurrent<T>(value$: Current<T>, initial: T): T {
  const { subscribe, getSnapshot } = useMemo(() => {
    let current = initial;
    return {
      subscribe(changed: () => void) {
        const subscription = value$.subscribe(changed);
        return () => subscription.unsubscribe();
      },
      getSnapshot() {
        value$.subscribe((value) => (current = value)).unsubscribe();
        return current;
      },
    };
  }, [value$, initial]);
  return useSyncExternalStore(subscribe, getSnapshot, () => initial);
}
