import fc from "fast-check";
import { describe, it } from "vitest";
import { keepsThePromise } from "./promise/run.ts";
import { anyNight, anyStep } from "./promise/steps.ts";
import { createWorld, type WorldOptions } from "./promise/world.ts";

/** `npm run promise` plays ten thousand. */
const runs = Number(process.env["PROMISE_RUNS"] ?? 150);

const keep = fc.constantFrom<WorldOptions["keep"]>(
  { last: 1 },
  { last: 2 },
  { last: 5 },
  { within: "30d" },
  { last: 1, daily: 3, monthly: 2 },
);

describe("the promise", () => {
  it.each([
    ["one", false],
    ["mirror", false],
    ["one", true],
    ["mirror", true],
  ] as const)(
    "behavior: nothing that happens takes the last whole archive, and no restore says more than it brought (places: %s, increments: %s)",
    async (places, increments) => {
      await fc.assert(
        fc.asyncProperty(
          keep,
          fc.integer({ min: 1, max: 3 }),
          fc.array(increments ? anyNight : anyStep, { maxLength: 20 }),
          async (rules, phones, steps) => keepsThePromise(await createWorld({ phones, keep: rules, places, increments }), steps),
        ),
        { numRuns: Math.ceil(runs / 2) },
      );
    },
    3_600_000,
  );
});
