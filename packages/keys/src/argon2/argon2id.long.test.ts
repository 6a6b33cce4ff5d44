import { argon2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { argon2id } from "./argon2id.ts";

const bytesOf = (length: number, seed: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + seed * 97) % 256);

describe("argon2id", () => {
  const costs = [
    { memoryKiB: 8, iterations: 1, parallelism: 1 },
    { memoryKiB: 9, iterations: 2, parallelism: 1 },
    { memoryKiB: 31, iterations: 3, parallelism: 1 },
    { memoryKiB: 32, iterations: 3, parallelism: 4 },
    { memoryKiB: 131, iterations: 1, parallelism: 16 },
    { memoryKiB: 517, iterations: 4, parallelism: 1 },
    { memoryKiB: 1_030, iterations: 2, parallelism: 3 },
    { memoryKiB: 4_096, iterations: 5, parallelism: 2 },
    { memoryKiB: 65_536, iterations: 3, parallelism: 1 },
  ];

  it.each(costs)("default: gives what OpenSSL gives, at $memoryKiB KiB, $iterations passes, $parallelism lanes", async (cost) => {
    const [message, nonce] = [`pässword ${cost.memoryKiB}`, bytesOf(16, cost.memoryKiB)];
    const expected = argon2Sync("argon2id", {
      message,
      nonce,
      memory: cost.memoryKiB,
      passes: cost.iterations,
      parallelism: cost.parallelism,
      tagLength: 32,
    });
    expect(await argon2id(message, nonce, cost)).toEqual(new Uint8Array(expected));
  });

  it("behavior: other calls go on meanwhile, and two at once disturb each other in nothing", async () => {
    const cost = { memoryKiB: 8_192, iterations: 3, parallelism: 1 };
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns++;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    const both = await Promise.all([argon2id("one", bytesOf(16, 1), cost), argon2id("two", bytesOf(16, 2), cost)]);
    isDone = true;
    expect(turns).toBeGreaterThan(20);
    expect(both).toEqual([await argon2id("one", bytesOf(16, 1), cost), await argon2id("two", bytesOf(16, 2), cost)]);
  });

  it("parameters: signal: an abort ends it at the next step", async () => {
    const controller = new AbortController();
    const reason = new Error("Enough.");
    const running = argon2id(
      "password",
      bytesOf(16, 1),
      { memoryKiB: 65_536, iterations: 100, parallelism: 1 },
      { signal: controller.signal },
    );
    const rejection = expect(running).rejects.toBe(reason);
    setImmediate(() => controller.abort(reason));
    await rejection;
    await expect(
      argon2id("password", bytesOf(16, 1), { memoryKiB: 8, iterations: 1, parallelism: 1 }, { signal: controller.signal }),
    ).rejects.toBe(reason);
  });
});
