import { expect, it } from "vitest";
import { exportsAtOnce } from "./exportsAtOnce.ts";

it.each([
  [1, 2],
  [2, 2],
  [3, 3],
  [4, 4],
  [64, 4],
])("parameters: cores: %d run %d exports side by side", (cores, expected) => {
  expect(exportsAtOnce(cores)).toBe(expected);
});

it("default: goes by this machine", () => {
  expect([2, 3, 4]).toContain(exportsAtOnce());
});
