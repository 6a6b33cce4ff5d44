import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { archiveKeyBytes } from "./archiveKey.ts";
import { keyFingerprint } from "./keyFingerprint.ts";
import { fingerprintOf } from "./manifestKey.ts";

describe("fingerprintOf", () => {
  it("default: the fingerprint of a key never changes", async () => {
    expect(await fingerprintOf(new Uint8Array(archiveKeyBytes).fill(1))).toBe("769f8d9308a5d14d");
  });

  it("behavior: is what keyFingerprint says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: archiveKeyBytes, maxLength: archiveKeyBytes }), async (key) => {
        expect(await fingerprintOf(key)).toBe(keyFingerprint(key));
      }),
    );
  });
});
