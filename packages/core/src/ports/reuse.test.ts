import { describe, expect, it } from "vitest";
import { fullReuse, type ReuseSettings } from "./reuse.ts";

const defaults = { freshEvery: "90d", maxCopyBytes: 268_435_456 };

describe("fullReuse", () => {
  it("default: 90 days, and a copy of 256 MB", () => expect(fullReuse()).toEqual(defaults));

  it("parameters: takes each setting, and one that is undefined as if it was not there", () => {
    expect(fullReuse({ freshEvery: "1y", maxCopyBytes: 0 })).toEqual({ freshEvery: "1y", maxCopyBytes: 0 });
    expect(fullReuse({ freshEvery: undefined, maxCopyBytes: undefined } as unknown as ReuseSettings)).toEqual(defaults);
  });
});
