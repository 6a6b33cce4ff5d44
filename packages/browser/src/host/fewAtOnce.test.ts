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

test("behavior: an aborted call gives back the room that it has, though it hangs", async () => {
  const gate = fewAtOnce(1);
  const given = new AbortController();
  const begun = new Promise<void>((begin) => {
    void gate(() => {
      begin();
      return new Promise<never>(() => undefined);
    }, given.signal);
  });
  await begun;
  const next = gate(() => Promise.resolve("came"));
  given.abort();
  expect(await next).toBe("came");
  expect(await gate(() => Promise.resolve("again"))).toBe("again");
});

test("behavior: an aborted call leaves the row", async () => {
  const gate = fewAtOnce(1);
  const [hanging, waiting] = [new AbortController(), new AbortController()];
  const hangs = new Promise<void>((begin) => {
    void gate(() => {
      begin();
      return new Promise<never>(() => undefined);
    }, hanging.signal);
  });
  await hangs;
  const begun: string[] = [];
  const left = gate(async () => void begun.push("left"), waiting.signal);
  const last = gate(async () => void begun.push("last"));
  waiting.abort(new Error("given up"));
  await expect(left).rejects.toThrow("given up");
  hanging.abort();
  await last;
  expect(begun).toEqual(["last"]);
  await expect(gate(async () => undefined, waiting.signal)).rejects.toThrow("given up");
});

test("behavior: a call that is aborted before it runs gives its room to the next", async () => {
  const gate = fewAtOnce(1);
  const given = new AbortController();
  const refused = gate(async () => "ran", given.signal);
  given.abort(new Error("given up"));
  await expect(refused).rejects.toThrow("given up");
  expect(await gate(async () => "again")).toBe("again");
});
