import { getCurrentInstance, getCurrentScope, onBeforeMount, type ShallowRef, shallowRef, watch } from "vue";

/** An observable that tells its current value first, the same object until it changes: what core's names ending in `$` are. */
export type Current<T> = { subscribe(next: (value: T) => void): { unsubscribe(): void } };

/** The current value, kept current until the scope ends; `initial` where the observable has ended before anybody looked. */
export function useCurrent<T>(value$: () => Current<T>, initial: T): ShallowRef<T> {
  const current = shallowRef(initial) as ShallowRef<T>;
  const show = (value: T) => void (current.value = value);
  value$().subscribe(show).unsubscribe();
  begin(() =>
    watch(
      value$,
      (now$, _before, onCleanup) => {
        const subscription = now$.subscribe(show);
        onCleanup(() => subscription.unsubscribe());
      },
      { immediate: true, flush: "sync" },
    ),
  );
  return current;
}

/** Runs something in the current scope: now, or when its component is about to be mounted, which on a server it never is. */
export function begin(work: () => unknown): void {
  const scope = getCurrentScope();
  if (getCurrentInstance()?.isMounted === false) onBeforeMount(() => void (scope?.active && scope.run(work)));
  else work();
}
