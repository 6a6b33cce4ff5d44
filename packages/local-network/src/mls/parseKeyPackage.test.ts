import { describe, expect, test } from "vitest";

import { keyPackage } from "../../test/support/mlsBytes.ts";
import { MlsFormatError } from "./createReader.ts";
import { parseKeyPackage } from "./parseKeyPackage.ts";

describe("parseKeyPackage", () => {
  test("default", () => {
    const installationKey = new Uint8Array(32).fill(8);
    expect([...parseKeyPackage(keyPackage(installationKey)).installationKey]).toEqual([...installationKey]);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["text", new TextEncoder().encode("not a key package")],
    ["an empty signature key", keyPackage(new Uint8Array())],
    ["one that ends early", keyPackage(new Uint8Array(32)).subarray(0, 80)],
  ])("behavior: rejects %s", (_, bytes) => {
    expect(() => parseKeyPackage(bytes)).toThrow(MlsFormatError);
  });
});
