import { describe, expect, it } from "vitest";
import { decideEvent } from "./decideEvent.ts";
import { normalizePolicy } from "./normalizePolicy.ts";

describe("decideEvent", () => {
  const events = { "os-update": "ask", "device-switch": "ignore", holiday: "backup" } as const;

  it("default: a backup, unless the policy says otherwise", () => {
    const policy = normalizePolicy({ events });
    expect(["app-update", "os-update", "device-switch", "holiday", "toString"].map((event) => decideEvent(policy, event))).toEqual([
      "backup",
      "ask",
      "ignore",
      "backup",
      "backup",
    ]);
  });

  it("behavior: with never, the user is asked instead", () => {
    const policy = normalizePolicy({ frequency: "never", events });
    expect(["app-update", "os-update", "device-switch", "holiday"].map((event) => decideEvent(policy, event))).toEqual([
      "ask",
      "ask",
      "ignore",
      "ask",
    ]);
  });
});
