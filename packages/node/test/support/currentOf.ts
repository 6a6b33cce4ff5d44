/** What an observable that emits its current value first has now. */
export function currentOf<T>(values$: { subscribe(next: (value: T) => void): { unsubscribe(): void } }): T {
  const values: T[] = [];
  values$.subscribe((value) => values.push(value)).unsubscribe();
  const [current] = values;
  if (current === undefined) throw new Error("It emitted nothing at once.");
  return current;
}
