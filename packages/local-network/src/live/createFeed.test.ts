import { describe, expect, test } from "vitest";

import { createLog, type Entry } from "../store/createLog.ts";
import { openDatabase } from "../store/openDatabase.ts";
import { createFeed } from "./createFeed.ts";

const a = Uint8Array.of(1);
const b = Uint8Array.of(2);

const newFeed = () => createFeed(createLog(openDatabase(undefined), "group_messages"));

async function take(entries: AsyncIterator<Entry, void>, count: number): Promise<(number | undefined)[]> {
  const taken = [];
  for (let index = 0; index < count; index += 1) {
    const { value } = await entries.next();
    taken.push(value?.body[0]);
  }
  return taken;
}

describe("createFeed", () => {
  test("default", async () => {
    const feed = newFeed();
    const stop = new AbortController();
    feed.append(a, Uint8Array.of(1));
    const entries = feed.follow([{ topic: a, cursor: 0n }], stop.signal);
    expect(await take(entries, 1)).toEqual([1]);
    const next = take(entries, 2);
    feed.append(a, Uint8Array.of(2));
    feed.append(a, Uint8Array.of(3));
    expect(await next).toEqual([2, 3]);
    expect(feed.countFollowers()).toBe(1);
    stop.abort();
    expect(await entries.next()).toEqual({ done: true, value: undefined });
    expect(feed.countFollowers()).toBe(0);
  });

  test("parameters: positions", async () => {
    const feed = newFeed();
    const first = feed.append(a, Uint8Array.of(1))!;
    feed.append(a, Uint8Array.of(2));
    feed.append(b, Uint8Array.of(3));
    feed.append(Uint8Array.of(9), Uint8Array.of(4));
    const positions = [
      { topic: a, cursor: first },
      { topic: b, cursor: 0n },
    ];
    const entries = feed.follow(positions, new AbortController().signal);
    expect(await take(entries, 2)).toEqual([2, 3]);
    const next = take(entries, 1);
    feed.append(Uint8Array.of(9), Uint8Array.of(5));
    feed.append(b, Uint8Array.of(6));
    expect(await next).toEqual([6]);
  });

  test("behavior: a topic that is asked for twice comes once, from the earlier position", async () => {
    const feed = newFeed();
    const first = feed.append(a, Uint8Array.of(1))!;
    feed.append(a, Uint8Array.of(2));
    const positions = [
      { topic: a, cursor: first },
      { topic: a, cursor: 0n },
    ];
    const entries = feed.follow(positions, new AbortController().signal);
    expect(await take(entries, 2)).toEqual([1, 2]);
    const next = take(entries, 1);
    feed.append(a, Uint8Array.of(3));
    expect(await next).toEqual([3]);
  });

  test("behavior: a follower that reads slowly misses nothing", async () => {
    const feed = newFeed();
    const entries = feed.follow([{ topic: a, cursor: 0n }], new AbortController().signal);
    for (let index = 0; index < 150; index += 1) feed.append(a, Uint8Array.of(index));
    expect(await take(entries, 100)).toEqual(Array.from({ length: 100 }, (_, index) => index));
    for (let index = 150; index < 250; index += 1) feed.append(a, Uint8Array.of(index));
    expect(await take(entries, 150)).toEqual(Array.from({ length: 150 }, (_, index) => index + 100));
  });

  test("behavior: an entry that is left out as a duplicate wakes nobody", async () => {
    const feed = newFeed();
    const entries = feed.follow([{ topic: a, cursor: 0n }], new AbortController().signal);
    feed.append(a, Uint8Array.of(1), Uint8Array.of(7));
    feed.append(a, Uint8Array.of(2), Uint8Array.of(7));
    feed.append(a, Uint8Array.of(3), Uint8Array.of(8));
    expect(await take(entries, 2)).toEqual([1, 3]);
  });

  test("behavior: ends while it waits and while it is read", async () => {
    const feed = newFeed();
    const stop = new AbortController();
    const waiting = feed.follow([{ topic: a, cursor: 0n }], stop.signal);
    const next = waiting.next();
    const reading = feed.follow([{ topic: b, cursor: 0n }], stop.signal);
    feed.append(b, Uint8Array.of(1));
    feed.append(b, Uint8Array.of(2));
    expect(await take(reading, 1)).toEqual([1]);
    stop.abort();
    expect((await next).done).toBe(true);
    expect((await reading.next()).done).toBe(true);
    expect(feed.countFollowers()).toBe(0);
  });
});
