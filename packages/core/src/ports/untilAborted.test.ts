import { describe, expect, it } from "vitest";
import { untilAborted } from "./untilAborted.ts";

const pending = () => new Promise<never>(() => undefined);

/** Counts who listens to the signal of a controller. */
function watched() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...parameters: Parameters<typeof add>) => {
    listeners.add(parameters[1]);
    add(...parameters);
  };
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    listeners.delete(parameters[1]);
    remove(...parameters);
  };
  return { controller, signal, listeners };
}

describe("untilAborted", () => {
  it("default: gives the answer", async () => {
    expect(await untilAborted(Promise.resolve(7), {})).toBe(7);
    expect(await untilAborted(Promise.resolve(7), { signal: new AbortController().signal })).toBe(7);
  });

  it("default: rejects as the answer does", async () => {
    await expect(untilAborted(Promise.reject(new Error("refused")), { signal: new AbortController().signal })).rejects.toThrow("refused");
  });

  it("behavior: rejects with the reason once the caller has had enough", async () => {
    const { controller, signal } = watched();
    const answer = untilAborted(pending(), { signal });
    controller.abort(new Error("enough"));
    await expect(answer).rejects.toThrow("enough");
  });

  it("behavior: a signal that has aborted already wins over an answer that is there", async () => {
    await expect(untilAborted(Promise.resolve(7), { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });

  it("behavior: leaves no listener behind, whichever comes first", async () => {
    const { controller, signal, listeners } = watched();
    await untilAborted(Promise.resolve(), { signal });
    await untilAborted(Promise.reject(new Error("refused")), { signal }).catch(() => undefined);
    expect(listeners.size).toBe(0);
    let answer = (_value: number) => {};
    const given = untilAborted(new Promise<number>((resolve) => (answer = resolve)), { signal });
    expect(listeners.size).toBe(1);
    controller.abort();
    await given.catch(() => undefined);
    answer(7);
    await Promise.resolve();
    expect(listeners.size).toBe(0);
  });

  it("parameters: dispose hears a value that comes too late, and only such a one", async () => {
    const late: number[] = [];
    const dispose = (value: number) => void late.push(value);
    await untilAborted(Promise.resolve(1), { signal: new AbortController().signal }, dispose);
    await untilAborted(Promise.resolve(2), { signal: AbortSignal.abort() }, dispose).catch(() => undefined);
    const controller = new AbortController();
    let answer = (_value: number) => {};
    const given = untilAborted(new Promise<number>((resolve) => (answer = resolve)), { signal: controller.signal }, dispose);
    controller.abort();
    await given.catch(() => undefined);
    answer(3);
    await Promise.resolve();
    expect(late).toEqual([2, 3]);
  });

  it("behavior: a late error is no unhandled rejection", async () => {
    const controller = new AbortController();
    let fail = (_error: unknown) => {};
    const given = untilAborted(new Promise<never>((_resolve, reject) => (fail = reject)), { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    // Vitest fails a run that leaves a rejection unhandled.
    fail(new Error("late"));
  });
});
