import { SimulatedClock } from "xstate";
import { describe, expect, it } from "vitest";
import type { Clock } from "./clock.ts";
import { patientCall } from "./patientCall.ts";

/** A call that the test answers, by the order in which it was begun. */
function world({ isInterruptible = false } = {}) {
  const simulated = new SimulatedClock();
  const clock = {
    now: () => simulated.now(),
    timeZone: () => "UTC",
    setTimeout: (run: () => void, ms: number) => simulated.setTimeout(run, ms),
    clearTimeout: (id: unknown) => simulated.clearTimeout(id as number),
  } satisfies Clock;
  const answers: ((answer: string) => void)[] = [];
  const call = patientCall(
    clock,
    1_000,
    "answer",
    (signal) =>
      new Promise<string>((resolve, reject) => {
        answers.push(resolve);
        if (isInterruptible) signal.addEventListener("abort", () => reject(signal.reason as Error));
      }),
  );
  return { clock: simulated, answers, call, never: new AbortController().signal };
}

describe("patientCall", () => {
  it("default: gives the answer", async () => {
    const { call, answers, never } = world();
    const answer = call(never);
    answers[0]?.("here");
    expect(await answer).toBe("here");
  });

  it("behavior: is given up after its time, and one that can't be interrupted is not begun again while it hangs", async () => {
    const { call, answers, clock, never } = world();
    const first = call(never);
    clock.increment(1_000);
    await expect(first).rejects.toMatchObject({ code: "HOST_FAILED" });
    const second = call(never);
    answers[0]?.("late");
    expect([await second, answers.length]).toEqual(["late", 1]);
  });

  it("behavior: who comes after a call that was interrupted begins a new one", async () => {
    const { call, answers, never } = world({ isInterruptible: true });
    const leaving = new AbortController();
    const first = call(leaving.signal);
    leaving.abort(new Error("the machine left"));
    const [second, third] = [call(never), call(never)];
    await expect(first).rejects.toThrow("the machine left");
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.("anew");
    expect([await second, await third, answers.length]).toEqual(["anew", "anew", 2]);
  });
});
