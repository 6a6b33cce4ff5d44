import { distinctUntilChanged, map, type MonoTypeOperatorFunction } from "rxjs";

/** Gives the same object until it is a different one, to everybody and whenever they subscribe: a screen can compare what it has by `===`. */
export function steady<T>(isSame: (a: T, b: T) => boolean): MonoTypeOperatorFunction<T> {
  let last: T | undefined;
  const keep = (value: T) => (last !== undefined && isSame(last, value) ? last : (last = value));
  return (value$) => value$.pipe(map(keep), distinctUntilChanged());
}

/** For what is small and plain, as statuses and reminders are but for the error itself. */
export function isSamePlain<T>(a: T, b: T): boolean {
  return JSON.stringify(a, asText) === JSON.stringify(b, asText);
}

function asText(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
