import { describe, expect, test } from "vitest";

import { createReader, MlsFormatError } from "./createReader.ts";

const vectorOf = (prefix: number[], length: number) => new Uint8Array([...prefix, ...new Array<number>(length).fill(7)]);

describe("createReader", () => {
  test("default", () => {
    const reader = createReader(new Uint8Array([1, 0, 2, 0, 0, 0, 3, 9, 9, 4]));
    expect([reader.uint(1), reader.uint(2), reader.uint(4)]).toEqual([1, 2, 3]);
    reader.skip(2);
    expect(reader.uint(1)).toBe(4);
  });

  test.each([
    ["one byte", [0x05], 5],
    ["one byte, empty", [0x00], 0],
    ["two bytes", [0x41, 0x02], 258],
    ["four bytes", [0x80, 0x01, 0x00, 0x01], 65_537],
  ])("behavior: reads a vector whose length takes %s", (_, prefix, length) => {
    const reader = createReader(vectorOf(prefix, length));
    expect(reader.vector()).toEqual(new Uint8Array(length).fill(7));
    expect(() => reader.uint(1)).toThrow(MlsFormatError);
  });

  test("behavior: reads a view into a larger buffer", () => {
    const bytes = new Uint8Array([9, 9, 2, 5, 6, 9]).subarray(2, 5);
    expect([...createReader(bytes).vector()]).toEqual([5, 6]);
  });

  test.each([
    ["an integer", (bytes: Uint8Array) => createReader(bytes).uint(4), [0, 0, 0]],
    ["a vector's length", (bytes: Uint8Array) => createReader(bytes).vector(), [0x40]],
    ["a vector", (bytes: Uint8Array) => createReader(bytes).vector(), [3, 1, 1]],
    ["a huge vector", (bytes: Uint8Array) => createReader(bytes).vector(), [0xbf, 0xff, 0xff, 0xff]],
    ["skipped bytes", (bytes: Uint8Array) => createReader(bytes).skip(2), [0]],
  ])("behavior: rejects an end within %s", (_, read, bytes) => {
    expect(() => read(new Uint8Array(bytes))).toThrow(MlsFormatError);
  });

  test("behavior: rejects the length prefix that RFC 9420 leaves out", () => {
    expect(() => createReader(new Uint8Array([0xc0, 0, 0, 0])).vector()).toThrow("invalid vector length prefix at 0");
  });
});
