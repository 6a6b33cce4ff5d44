import { describe, expect, it } from "vitest";
import { readPackages } from "../scripts/packages/readPackages.ts";

const specifiers = readPackages().flatMap(({ entries }) => entries.map(({ specifier }) => specifier));

describe("exports", () => {
  it.each(specifiers)("default: %s", async (specifier) => {
    const module = (await import(specifier)) as Record<string, unknown>;
    expect(Object.keys(module).sort()).toMatchSnapshot();
  });
});
