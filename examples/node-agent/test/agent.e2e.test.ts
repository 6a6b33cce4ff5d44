import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));

describe("npm run example:agent", () => {
  it("default: answers, backs up after a few messages, and ends cleanly", { timeout: 90_000 }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@xmtp-backup/source", main, "--once"], { encoding: "utf8", timeout: 80_000 });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/agent: answered “Message 1 of Bob”/);
    expect(stdout).toMatch(/kept \d+ messages in [\d,]+ bytes, made by “activity”/);
    expect(stdout).toMatch(/backups: .*next at \d{4}-\d\d-\d\dT03:00/);
  });
});
