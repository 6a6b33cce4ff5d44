import { expect, test } from "vitest";
import { fewAtOnce } from "./fewAtOnce.ts";

/** Lets everything go on that can. */
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

test("default: so many run at a time, the others in a row", async () => {
  const gate = fewAtOnce(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const all = [0, 1, 2, 3, 4].map((number) =>
    gate(async () => {
      begun.push(number);
      await new Promise<void>((end) => (ends[number] = end));
      return number * 10;
    }),
  );
  await settle();
  expect(begun).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await settle();
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  ends[3]?.();
  ends[4]?.();
  expect(await Promise.all(all)).toEqual([0, 10, 20, 30, 40]);
});

test("behavior: a failure gives its room back", async () => {
  const gate = fewAtOnce(1);
  const refused = gate(() => Promise.reject(new Error("refused")));
  const next = gate(() => Promise.resolve("came"));
  await expect(refused).rejects.toThrow("refused");
  expect(await next).toBe("came");
  expect(await gate(() => Promise.resolve("again"))).toBe("again");
});
