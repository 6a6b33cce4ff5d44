import { describe, expect, it, vi } from "vitest";
import { shareBackups } from "../src/index.ts";

describe("shareBackups on a server", () => {
  it("default: is refused at once, and opens and leaves nothing", () => {
    const open = vi.fn();
    const before = process.getActiveResourcesInfo();
    expect(() => shareBackups({ name: "0xabc", open })).toThrowError(
      expect.objectContaining({ name: "BackupError", code: "TABS_UNSUPPORTED", retryable: false }) as Error,
    );
    expect(open).not.toHaveBeenCalled();
    expect(process.getActiveResourcesInfo()).toEqual(before);
  });
});
