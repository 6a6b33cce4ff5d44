import { readFile } from "node:fs/promises";
import { BackupError, type BackupErrorCode, errorCodes, isBackupError } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";

const codes = Object.keys(errorCodes) as BackupErrorCode[];

describe("BackupError", () => {
  it("default: says what happened, what was kept and what to do", () => {
    const error = new BackupError("STORE_FULL", "The disk is full.", { details: "The system says ENOSPC." });
    expect(error.message).toBe(
      "The disk is full. The system says ENOSPC. Every archive that was stored before is unchanged. Free space or choose another place, then back up again.",
    );
    expect(error).toMatchObject({ name: "BackupError", code: "STORE_FULL", shortMessage: "The disk is full.", retryable: false, docsPath: "errors.md#store_full" });
  });

  it("behavior: is known by its brand, across copies of the package", () => {
    const foreign = Object.assign(new Error("x"), { [Symbol.for("xmtp-backup.BackupError")]: true });
    expect([isBackupError(foreign), isBackupError(new Error("x")), isBackupError(undefined)]).toEqual([true, false, false]);
  });

  it("behavior: walk finds a cause", () => {
    const root = new Error("ENOSPC");
    const error = new BackupError("STORE_FULL", "The disk is full.", { cause: new Error("write failed", { cause: root }) });
    expect(error.walk()).toBe(root);
    expect(error.walk((each) => each === root)).toBe(root);
    expect(error.walk(() => false)).toBeUndefined();
  });

  it.each(codes)("behavior: %s is explained in the docs, word for word", async (code) => {
    const page = await readFile(new URL("../docs/errors.md", import.meta.url), "utf8");
    const section = page.split("\n## ").find((each) => each.startsWith(`${code}\n`));
    const { kept, next, retryable } = errorCodes[code];
    expect(section).toContain(`- **What was kept**: ${kept}`);
    expect(section).toContain(`- **What to do**: ${next}`);
    expect(section).toContain(`- **Worth retrying**: ${retryable ? "yes" : "no"}`);
    expect(section).toMatch(/- \*\*What happened\*\*: .{20,}/);
  });
});
