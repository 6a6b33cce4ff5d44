import { describe, expect, test } from "vitest";

import { createFaults } from "./createFaults.ts";

const newFaults = () => {
  const states: boolean[] = [];
  return { ...createFaults((isOffline) => states.push(isOffline)), states };
};

describe("createFaults", () => {
  test("default", () => {
    const { faults, takeFault } = newFaults();
    faults.refuse("SendGroupMessages");
    expect(takeFault("QueryGroupMessages")).toBeUndefined();
    expect(takeFault("SendGroupMessages")).toEqual({ kind: "refuse", code: "UNAVAILABLE" });
    expect(takeFault("SendGroupMessages")).toBeUndefined();
  });

  test("parameters: times", () => {
    const { faults, takeFault } = newFaults();
    faults.drop("GetInboxIds", { times: 2 });
    const taken = [1, 2, 3].map(() => takeFault("GetInboxIds")?.kind);
    expect(taken).toEqual(["drop", "drop", undefined]);
  });

  test("parameters: times: Infinity", () => {
    const { faults, takeFault } = newFaults();
    faults.refuse("GetInboxIds", { times: Infinity, code: "INTERNAL" });
    for (let call = 0; call < 50; call += 1) expect(takeFault("GetInboxIds")?.kind).toBe("refuse");
    faults.clear();
    expect(takeFault("GetInboxIds")).toBeUndefined();
  });

  test("behavior: faults of one call happen in the order in which they were asked for", () => {
    const { faults, takeFault } = newFaults();
    faults.refuse("GetInboxIds", { code: "ABORTED" });
    faults.delay("GetInboxIds", { ms: 5 });
    faults.drop("GetInboxIds", { kind: "answer" });
    expect([1, 2, 3, 4].map(() => takeFault("GetInboxIds"))).toEqual([
      { kind: "refuse", code: "ABORTED" },
      { kind: "delay", ms: 5 },
      { kind: "drop", drop: "answer" },
      undefined,
    ]);
  });

  test("behavior: clear goes back online", () => {
    const { faults, states } = newFaults();
    faults.offline(true);
    faults.clear();
    expect(states).toEqual([true, false]);
  });

  test("behavior: refuses nonsense", () => {
    const { faults } = newFaults();
    expect(() => faults.refuse("Nothing" as "GetInboxIds")).toThrow("There is no call named Nothing");
    expect(() => faults.refuse("GetInboxIds", { code: "NO" as "INTERNAL" })).toThrow("no gRPC status code NO");
    expect(() => faults.delay("GetInboxIds", { ms: Number.NaN })).toThrow(RangeError);
    for (const times of [0, -1, 1.5, Number.NaN]) {
      expect(() => faults.drop("GetInboxIds", { times })).toThrow("positive integer");
    }
  });
});
