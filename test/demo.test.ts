import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

describe("npm run demo", () => {
  it("default: restores everything, sees it active again and says so in one JSON object", { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@xmtp-backup/source", "examples/demo/src/main.ts", "--json"], { encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      conversations: { restored: 2, active: 2 },
      messages: { restored: 7 },
      refusedWhileInactive: "CONVERSATION_INACTIVE",
    });
  });
});
