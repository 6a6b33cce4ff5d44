import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { md5 } from "./md5.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

describe("md5", () => {
  it.each([
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    ["12345678901234567890123456789012345678901234567890123456789012345678901234567890", "57edf4a22be3c955ac49da2e2107b67a"],
  ])("default: of %j is as RFC 1321 says", (text, digest) => {
    expect(hex(md5(new TextEncoder().encode(text)))).toBe(digest);
  });

  it("behavior: is that of another implementation for every length around a block, and for a part of a buffer", () => {
    const bytes = new Uint8Array(300).map((_, index) => (index * 31) % 256);
    for (let length = 0; length < 200; length++) {
      const part = bytes.subarray(length % 7, (length % 7) + length);
      expect(hex(md5(part))).toBe(createHash("md5").update(part).digest("hex"));
    }
  });
});
