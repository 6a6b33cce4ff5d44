import { expect, it } from "vitest";
import { createdIn } from "./createdIn.ts";

it("default: those created after the start and up to the end, without those that can't be read", () => {
  const createdAtNs = new Map([
    ["early", 5n],
    ["first", 6n],
    ["broken", 7n],
    ["last", 8n],
    ["late", 9n],
  ]);
  expect(createdIn({ startNs: 5n, endNs: 8n }, { createdAtNs, broken: [{ id: "broken" }, {}] })).toEqual(["first", "last"]);
});
