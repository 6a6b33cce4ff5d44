import { BehaviorSubject } from "rxjs";
import { describe, expect, it } from "vitest";
import { steady } from "./steady.ts";

function watched() {
  const source$ = new BehaviorSubject({ count: 1 });
  const value$ = source$.pipe(steady<{ count: number }>((a, b) => a.count === b.count));
  const read = () => {
    const values: unknown[] = [];
    value$.subscribe((value) => values.push(value)).unsubscribe();
    return values[0];
  };
  return { source$, value$, read };
}

describe("steady", () => {
  it("default: everybody gets the same object, also one after the other", () => {
    const { source$, read } = watched();
    const first = read();
    source$.next({ count: 1 });
    expect(read()).toBe(first);
  });

  it("behavior: another object when it is different, told once", () => {
    const { source$, value$, read } = watched();
    const first = read();
    const told: unknown[] = [];
    value$.subscribe((value) => told.push(value));
    source$.next({ count: 1 });
    source$.next({ count: 2 });
    expect(told).toEqual([first, { count: 2 }]);
    expect(read()).toBe(told[1]);
  });
});
