import { describe, expect, it } from "vitest";
import { readPackages } from "../scripts/packages/readPackages.ts";

const entries = readPackages().flatMap((each) => each.entries);

describe("exports", () => {
  it.each(entries)("default: $specifier", async ({ specifier }) => {
    const module = (await import(specifier)) as Record<string, unknown>;
    expect(Object.keys(module).sort()).toMatchSnapshot();
  });
});
