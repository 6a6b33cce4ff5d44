import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

function play(...args: string[]) {
  return spawnSync(process.execPath, ["scripts/demo.ts", ...args], { encoding: "utf8" });
}

describe("npm run demo", () => {
  it("default: restores everything, sees it active again and says so in one JSON object", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = play("--json");
    expect(status, stdout + stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      libxmtp: expect.stringMatching(/^\d/) as unknown,
      conversations: { restored: 2, active: 2 },
      messages: { restored: 7 },
      refusedWhileInactive: "CONVERSATION_INACTIVE",
    });
  });

  it("parameters: sdk: a version that is not here is refused with those that are", () => {
    const { status, stderr } = play("--sdk", "1.0.0");
    expect([status, stderr]).toEqual([1, expect.stringMatching(/no version 1\.0\.0 .* 6\.0\.0 or /)]);
  });
});
