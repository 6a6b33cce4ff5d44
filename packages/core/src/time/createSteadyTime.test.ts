import { describe, expect, it } from "vitest";
import { createSteadyTime } from "./createSteadyTime.ts";

function clocks() {
  const time = { nowMs: 1_000_000, ranMs: 5 };
  return {
    clock: { now: () => time.nowMs, monotonic: () => time.ranMs },
    pass(ms: number, { slept = false, setBy = 0 } = {}) {
      time.nowMs += ms + setBy;
      if (!slept) time.ranMs += ms;
    },
  };
}

describe("createSteadyTime", () => {
  it("default: the time since it was made, with the small drift that clocks have", () => {
    const { clock, pass } = clocks();
    const steadyMs = createSteadyTime(clock);
    expect(steadyMs()).toBe(0);
    pass(3_600_000, { setBy: 900 });
    expect(steadyMs()).toBe(3_600_000);
  });

  it.each([{ setBy: 86_400_000 }, { setBy: -86_400_000 }, { slept: true }])("behavior: begins from 0 after %o", (how) => {
    const { clock, pass } = clocks();
    const steadyMs = createSteadyTime(clock);
    pass(3_600_000);
    pass(3_600_000, how);
    expect(steadyMs()).toBe(0);
    pass(1_000);
    expect(steadyMs()).toBe(1_000);
  });

  it("behavior: says nothing without monotonic time", () => {
    expect(createSteadyTime({ now: () => 1 })()).toBeUndefined();
  });
});
