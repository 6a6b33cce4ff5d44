import type { Observable } from "rxjs";
import { type MaybeRefOrGetter, type ShallowRef, shallowRef, toValue, watch } from "vue";

/** The latest value of an observable, until the scope ends; undefined until it has emitted one. */
export function useObservable<T>(value$: MaybeRefOrGetter<Observable<T>>): Readonly<ShallowRef<T | undefined>> {
  const current = shallowRef<T>();
  watch(
    () => toValue(value$),
    (now$, _before, onCleanup) => {
      const subscription = now$.subscribe((value) => (current.value = value));
      onCleanup(() => subscription.unsubscribe());
    },
    { immediate: true },
  );
  return current;
}
