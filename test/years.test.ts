import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { drawYear } from "../scripts/drawYear.ts";
import { frequencies } from "../scripts/frequencies.ts";

describe("the pictures of a year", () => {
  it.each(Object.entries(frequencies))("default: %s is what the policy makes of it today", async (name, policy) => {
    expect(await drawYear(name, policy)).toBe(await readFile(new URL(`../docs/images/year-${name}.svg`, import.meta.url), "utf8"));
  });
});
