import fc from "fast-check";
import { describe, it } from "vitest";
import { keepsThePromise } from "./promise/run.ts";
import { anyStep } from "./promise/steps.ts";
import { createWorld } from "./promise/world.ts";

/** `npm run promise` plays many more. */
const numRuns = Number(process.env["PROMISE_RUNS"] ?? 200);

const keep = fc.constantFrom({ last: 1 }, { last: 2 }, { last: 5 }, { within: "30d" as const }, { last: 1, daily: 3, monthly: 2 });

describe("the promise", () => {
  it("behavior: nothing that happens takes the last whole archive, and no restore says more than it brought", async () => {
    await fc.assert(
      fc.asyncProperty(keep, fc.integer({ min: 1, max: 3 }), fc.array(anyStep, { maxLength: 20 }), (rules, phones, steps) =>
        keepsThePromise(createWorld({ phones, keep: rules }), steps),
      ),
      { numRuns },
    );
  }, 1_800_000);
});
