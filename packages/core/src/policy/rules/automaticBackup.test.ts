import { describe, expect, it } from "vitest";
import { automaticBackup } from "./automaticBackup.ts";
import { normalizePolicy } from "./normalizePolicy.ts";

describe("automaticBackup", () => {
  it("default: leaves the app room, since nobody waits for it", () => {
    const both = ["consent", "messages"];
    expect(automaticBackup(normalizePolicy(), "schedule")).toEqual({ trigger: "schedule", elements: both, priority: "low" });
    expect(automaticBackup(normalizePolicy(), "first").priority).toBe("low");
  });

  it("behavior: somebody waits for one before an event", () => {
    expect(automaticBackup(normalizePolicy(), "event")).not.toHaveProperty("priority");
  });

  it("parameters: priority, elements, excludeDisappearingMessages", () => {
    const policy = normalizePolicy({ priority: "normal", elements: ["consent"], excludeDisappearingMessages: true });
    expect(automaticBackup(policy, "activity")).toEqual({
      trigger: "activity",
      elements: ["consent"],
      excludeDisappearingMessages: true,
    });
  });
});
