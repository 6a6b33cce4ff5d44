import { describe, expect, test } from "vitest";

import { createLog, type Log } from "./createLog.ts";
import { openDatabase } from "./openDatabase.ts";

const a = Uint8Array.of(1);
const b = Uint8Array.of(2);

const newLog = () => createLog(openDatabase(undefined), "group_messages");
const append = (log: Log, topic: Uint8Array, count: number) =>
  Array.from({ length: count }, (_, index) => log.append(topic, Uint8Array.of(index))!);
const bodies = (entries: { body: Uint8Array }[]) => entries.map(({ body }) => body[0]);

describe("createLog", () => {
  test("default", () => {
    const log = newLog();
    const [first, second] = append(log, a, 2);
    const entries = log.page(a, { cursor: 0n });
    expect(entries.map(({ id }) => id)).toEqual([first, second]);
    expect(entries.map(({ topic }) => [...topic])).toEqual([[1], [1]]);
    expect(bodies(entries)).toEqual([0, 1]);
    expect(entries[1]!.createdNs).toBeGreaterThan(entries[0]!.createdNs);
  });

  test("parameters: cursor", () => {
    const log = newLog();
    const ids = append(log, a, 5);
    expect(bodies(log.page(a, { cursor: ids[2]! }))).toEqual([3, 4]);
    expect(bodies(log.page(a, { cursor: ids[4]! }))).toEqual([]);
    expect(bodies(log.page(a, { cursor: 2n ** 64n - 1n }))).toEqual([]);
  });

  test("parameters: order", () => {
    const log = newLog();
    const ids = append(log, a, 5);
    expect(bodies(log.page(a, { cursor: 0n, order: "descending" }))).toEqual([4, 3, 2, 1, 0]);
    expect(bodies(log.page(a, { cursor: ids[2]!, order: "descending" }))).toEqual([1, 0]);
  });

  test("parameters: limit", () => {
    const log = newLog();
    append(log, a, 5);
    expect(bodies(log.page(a, { cursor: 0n, limit: 2 }))).toEqual([0, 1]);
    expect(bodies(log.page(a, { cursor: 0n, order: "descending", limit: 2 }))).toEqual([4, 3]);
  });

  test("parameters: fingerprint", () => {
    const log = newLog();
    expect(log.append(a, Uint8Array.of(1), Uint8Array.of(9))).toBeDefined();
    expect(log.append(a, Uint8Array.of(2), Uint8Array.of(9))).toBeUndefined();
    expect(log.append(a, Uint8Array.of(3), Uint8Array.of(8))).toBeDefined();
    expect(bodies(log.page(a, { cursor: 0n }))).toEqual([1, 3]);
  });

  test("behavior: keeps topics apart", () => {
    const log = newLog();
    append(log, a, 2);
    append(log, b, 3);
    expect(bodies(log.page(a, { cursor: 0n }))).toEqual([0, 1]);
    expect(bodies(log.page(b, { cursor: 0n }))).toEqual([0, 1, 2]);
    expect([log.countEntries(), log.countTopics()]).toEqual([5, 2]);
  });

  test("behavior: knows the newest entry of a topic", () => {
    const log = newLog();
    append(log, a, 3);
    expect(log.newest(a)?.body[0]).toBe(2);
    expect(log.newest(b)).toBeUndefined();
  });
});
