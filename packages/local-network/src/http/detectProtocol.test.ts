import { describe, expect, test } from "vitest";

import { protocolOf } from "./detectProtocol.ts";

describe("protocolOf", () => {
  test.each([
    ["PRI * HTTP/2.0\r\n", "http2"],
    ["PRI", "http2"],
    ["POST / HTTP/1.1\r\n", "http1"],
    ["PO", "http1"],
    ["GET / HTTP/1.1\r\n", "http1"],
    ["PR", undefined],
    ["P", undefined],
    ["", undefined],
  ])("behavior: tells the protocol of %j", (first, protocol) => {
    expect(protocolOf(Buffer.from(first))).toBe(protocol);
  });
});
