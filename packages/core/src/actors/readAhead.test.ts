import { describe, expect, it } from "vitest";
import { readAhead } from "./readAhead.ts";

/** Counts up, and tells what was asked of it. */
async function* counting(to: number, log: string[]): AsyncGenerator<number, void, void> {
  try {
    for (let count = 1; count <= to; count += 1) {
      log.push(`made ${count}`);
      yield count;
    }
  } finally {
    log.push("over");
  }
}

describe("readAhead", () => {
  it("default: gives every value in order", async () => {
    const seen: number[] = [];
    for await (const value of readAhead(counting(4, []))) seen.push(value);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it("behavior: the next value, and no more, is made while one is used", async () => {
    const log: string[] = [];
    for await (const value of readAhead(counting(3, log))) {
      await Promise.resolve();
      log.push(`used ${value}`);
    }
    expect(log).toEqual(["made 1", "made 2", "used 1", "made 3", "used 2", "over", "used 3"]);
  });

  it("behavior: whoever leaves early ends the source", async () => {
    const log: string[] = [];
    for await (const _ of readAhead(counting(9, log))) break;
    expect(log).toEqual(["made 1", "made 2", "over"]);
  });

  it("behavior: a failure comes after the values before it", async () => {
    const failure = new Error("broken");
    async function* failing(): AsyncGenerator<number, void, void> {
      yield 1;
      throw failure;
    }
    const seen: number[] = [];
    const reading = (async () => {
      for await (const value of readAhead(failing())) seen.push(value);
    })();
    await expect(reading).rejects.toBe(failure);
    expect(seen).toEqual([1]);
  });
});
