import { describe, expect, it } from "vitest";
import { prepareNext } from "./prepareNext.ts";

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

describe("prepareNext", () => {
  it("default: gives every value in order, prepared or not", async () => {
    const { next, prepare } = prepareNext(counting(4, []));
    prepare();
    const values = [await next(), await next()];
    prepare();
    prepare();
    expect([...values, await next(), await next(), await next()]).toEqual([1, 2, 3, 4, undefined]);
  });

  it("behavior: only what is asked for or prepared is made", async () => {
    const log: string[] = [];
    const { next, prepare } = prepareNext(counting(9, log));
    await next();
    expect(log).toEqual(["made 1"]);
    prepare();
    prepare();
    await Promise.resolve();
    expect(log).toEqual(["made 1", "made 2"]);
  });

  it("behavior: end ends the source, and gives a value that was prepared", async () => {
    const log: string[] = [];
    const { next, prepare, end } = prepareNext(counting(9, log));
    await next();
    prepare();
    expect(await end()).toBe(2);
    expect(log).toEqual(["made 1", "made 2", "over"]);
  });

  it("behavior: the failure of a prepared value is met by whoever asks for it, and by nobody else", async () => {
    const failure = new Error("broken");
    async function* failing(): AsyncGenerator<number, void, void> {
      yield 1;
      throw failure;
    }
    const { next, prepare } = prepareNext(failing());
    await next();
    prepare();
    await Promise.resolve();
    await expect(next()).rejects.toBe(failure);
  });
});
