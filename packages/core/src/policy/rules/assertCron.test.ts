import { Cron } from "croner";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assertCron } from "./assertCron.ts";
import { toCronCalendar } from "./toCronCalendar.ts";
import { runs } from "../../../../../test/runs.ts";

function whyRefused(pattern: unknown): string | undefined {
  try {
    assertCron(pattern);
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: "POLICY_INVALID" });
    return (error as { shortMessage: string }).shortMessage;
  }
}

describe("assertCron", () => {
  it.each([
    "0 2 * * *",
    "*/15 8-18 * * MON-FRI",
    "0 0 L * *",
    "0 2 1,15 JAN-JUN/2 *",
    "0 0 * * 7",
    "0 0 * * SAT-SUN",
    "30 4 * * mon#1",
    "0 0 * * 5L",
  ])("default: takes %s", (pattern) => expect(whyRefused(pattern)).toBeUndefined());

  it.each([
    ["", "needs five fields"],
    [undefined, "needs five fields"],
    ["@daily", "needs five fields"],
    ["0 0 2 * * *", "needs five fields"],
    ["60 * * * *", "minute that is not understood"],
    ["* 25 * * *", "hour that is not understood"],
    ["0 0 0 * *", "day that is not understood"],
    ["0 0 * JANUARY *", "month that is not understood"],
    ["0 0 * * 8", "weekday that is not understood"],
    ["0 0 * * 1#6", "weekday that is not understood"],
    ["5-1 * * * *", "minute that is not understood"],
    ["5/10 * * * *", "minute that is not understood"],
    ["*/0 * * * *", "minute that is not understood"],
    ["1,,2 * * * *", "minute that is not understood"],
    ["0 0 30 2 *", "never fires"],
    ["0 0 31 4,6,9,NOV *", "never fires"],
  ])("parameters: refuses %j", (pattern, message) => expect(whyRefused(pattern)).toContain(message));

  it("behavior: takes only what croner reads and what fires, and refuses as dead only what never does", () => {
    const numbers = (from: number, to: number) => fc.integer({ min: from, max: to });
    const field = (from: number, to: number, ...more: string[]) => {
      const part = fc.oneof(
        { weight: 3, arbitrary: fc.constant("*") },
        { weight: 3, arbitrary: numbers(from - 1, to + 1).map(String) },
        fc.tuple(numbers(from, to), numbers(from, to)).map(([low, high]) => `${low}-${high}`),
        fc.tuple(numbers(from, to), numbers(from, to), numbers(0, to)).map(([low, high, step]) => `${low}-${high}/${step}`),
        numbers(0, to + 1).map((step) => `*/${step}`),
        ...(more.length > 0 ? [fc.constantFrom(...more)] : []),
      );
      return fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(","));
    };
    const patterns = fc
      .tuple(
        field(0, 59),
        field(0, 23),
        field(1, 31, "L"),
        field(1, 12, "FEB", "APR-JUN"),
        field(0, 7, "SUN", "MON-FRI", "SAT-SUN", "1#5", "2#L", "3L"),
      )
      .map((fields) => fields.join(" "));
    const fromMs = Date.UTC(2097, 0, 1);
    const many = runs(3000);
    let taken = 0;
    fc.assert(
      fc.property(patterns, (pattern) => {
        const why = whyRefused(pattern);
        if (why === undefined) {
          taken += 1;
          expect(toCronCalendar(pattern, Cron).nextWallMs(fromMs)).toBeGreaterThan(fromMs);
        } else if (why.includes("never fires")) {
          expect(toCronCalendar(pattern, Cron).nextWallMs(fromMs)).toBeUndefined();
        }
      }),
      { numRuns: many, examples: [["0 0 30,31 2 *"], ["0 0 31 4 *"], ["0 0 29 FEB *"], ["0 0 31 2,4 */7"]] },
    );
    expect(taken).toBeGreaterThan(many / 10);
  });

  it("behavior: the library refuses what it does not read with our own error", () => {
    expect(() => toCronCalendar("not a cron", Cron)).toThrowError(expect.objectContaining({ code: "POLICY_INVALID" }) as Error);
  });
});
