import { fakeClock } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { keepStreamOpen, type StreamToKeep } from "./keepStreamOpen.ts";
import type { SdkStreamOptions } from "./sdkShapes.ts";

/** A client's stream that opens as `opens` says, and everything that is done with it, in order. */
function watch(opens: () => "open" | "ended" | "refused" = () => "open", more: Partial<StreamToKeep> = {}) {
  const clock = fakeClock();
  const seen: string[] = [];
  let last: SdkStreamOptions = {};
  const kept = keepStreamOpen({
    async open(options) {
      last = options;
      const how = opens();
      seen.push(how);
      if (how === "refused") throw new Error("The network is away.");
      return { isDone: how === "ended", end: async () => seen.push("end") };
    },
    tell: () => seen.push("tell"),
    clock,
    ...more,
  });
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return {
    kept,
    clock,
    seen,
    settle,
    fail: () => last.onFail?.(),
    arrive: () => last.onValue?.(),
    after: async (ms: number) => (clock.advance(ms), settle()),
  };
}

describe("keepStreamOpen", () => {
  it("default: opens once, without the SDK's own retries, and tells of what arrives until it is ended", async () => {
    const { kept, seen, arrive, settle, clock } = watch();
    await settle();
    arrive();
    kept.end();
    arrive();
    expect(seen).toEqual(["open", "tell", "end"]);
    expect(clock.timers).toBe(0);
  });

  it("behavior: one that failed is opened again and told, with doubling waits until something arrives", async () => {
    const { seen, settle, fail, arrive, after } = watch();
    await settle();
    fail();
    await after(999);
    expect(seen).toEqual(["open"]);
    await after(1);
    expect(seen).toEqual(["open", "open", "tell"]);
    fail();
    await after(1_999);
    expect(seen).toHaveLength(3);
    await after(1);
    expect(seen).toEqual(["open", "open", "tell", "open", "tell"]);
    arrive();
    fail();
    await after(1_000);
    expect(seen.slice(5)).toEqual(["tell", "open", "tell"]);
  });

  it.each(["ended", "refused"] as const)("behavior: one that is %s is tried again, and tells nothing until it is there", async (how) => {
    const answers = [how, how, "open"] as const;
    let times = 0;
    const { seen, settle, after } = watch(() => answers[times++] ?? "open");
    await settle();
    await after(1_000);
    await after(2_000);
    expect(seen).toEqual([how, how, "open", "tell"]);
  });

  it("behavior: it waits a minute at most, and a retry does not wait", async () => {
    const { kept, seen, settle, after } = watch(() => "refused");
    await settle();
    for (let times = 0; times < 8; times += 1) await after(60_000);
    expect(seen).toHaveLength(9);
    kept.retry();
    await settle();
    expect(seen).toHaveLength(10);
    await after(1_000);
    expect(seen).toHaveLength(11);
  });

  it("parameters: isClientOpen: a stream of a closed client is neither opened again nor ended", async () => {
    let isOpen = true;
    const { kept, seen, settle, fail, after } = watch(() => "open", { isClientOpen: () => isOpen });
    await settle();
    isOpen = false;
    fail();
    await after(60_000);
    kept.end();
    expect(seen).toEqual(["open"]);
  });

  it("parameters: onFail, onRetry: called around the wait", async () => {
    const calls: string[] = [];
    const { settle, fail, after } = watch(() => "open", { onFail: () => calls.push("fail"), onRetry: () => calls.push("retry") });
    await settle();
    fail();
    await after(1_000);
    expect(calls).toEqual(["fail", "retry"]);
  });
});
