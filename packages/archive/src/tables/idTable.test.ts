import fc from "fast-check";
import { expect, test } from "vitest";
import { IdTable } from "./idTable.ts";

test("behavior: numbers ids as a map does, whatever their length", () => {
  const id = fc.oneof(
    fc.uint8Array({ minLength: 32, maxLength: 32 }),
    fc.uint8Array({ maxLength: 40 }),
    fc.nat(30).map((at) => new Uint8Array(32).fill(at)),
  );
  fc.assert(
    fc.property(fc.array(id, { maxLength: 200 }), (ids) => {
      const table = new IdTable(32);
      const map = new Map<string, number>();
      for (const bytes of ids) {
        const name = Buffer.from(bytes).toString("hex");
        expect(table.find(bytes)).toBe(map.get(name) ?? -1);
        if (!map.has(name)) map.set(name, map.size);
        const padded = Uint8Array.of(9, ...bytes, 9);
        expect(table.add(padded, 1, 1 + bytes.length)).toBe(map.get(name));
        expect(table.size).toBe(map.size);
      }
    }),
  );
});

test("behavior: holds many ids, and a value beside each", () => {
  const table = new IdTable(16);
  const idOf = (number: number) => new Uint8Array(new Uint32Array([number, 0, 0, number * 7]).buffer);
  for (let number = 0; number < 20_000; number++) {
    expect(table.add(idOf(number))).toBe(number);
    table.setValue(number, number * 200_000);
  }
  for (let number = 0; number < 20_000; number++) {
    expect(table.find(idOf(number))).toBe(number);
    expect(table.value(number)).toBe((number * 200_000) >>> 0);
  }
  expect(table.find(idOf(20_000))).toBe(-1);
});
