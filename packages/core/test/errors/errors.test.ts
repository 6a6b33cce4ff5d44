import { readFile } from "node:fs/promises";
import { BackupError, type BackupErrorCode, errorCodes, isBackupError } from "@xmtp-backup/core";
import { describe, expect, it } from "vitest";
import { version } from "../../src/errors/version.ts";
import { packErrors, unpackErrors } from "../../src/sharing/packErrors.ts";

const page = "https://github.com/xmtp-backup/xmtp-backup/blob/main/docs/errors.md";
const codes = Object.keys(errorCodes) as BackupErrorCode[];

describe("BackupError", () => {
  it("default: says what happened, what was kept and what to do", () => {
    const error = new BackupError("STORE_FULL", "The disk is full.", { details: "The system says ENOSPC." });
    expect(error.message.split("\n")).toEqual([
      "The disk is full. The system says ENOSPC. Every archive that was stored before is unchanged. Free space or choose another place, then back up again.",
      "",
      `Docs: ${page}#store_full`,
      `Version: @xmtp-backup/core@${version}`,
    ]);
    expect(error).toMatchObject({
      name: "BackupError",
      code: "STORE_FULL",
      shortMessage: "The disk is full.",
      retryable: false,
      docsPath: "errors.md#store_full",
    });
    expect(error).toMatchObject({ docsUrl: `${page}#store_full`, version });
  });

  it("default: the version is the one of the package", async () => {
    const { version: published } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
      version: string;
    };
    expect(version).toBe(published);
  });

  it("default: JSON keeps everything but the causes", () => {
    const error = new BackupError("STORE_FULL", "The disk is full.", {
      details: "The system says ENOSPC.",
      cause: new Error("a secret of others"),
    });
    const { name, message, code, shortMessage, details, retryable, docsPath, docsUrl } = error;
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name,
      message,
      code,
      shortMessage,
      details,
      retryable,
      docsPath,
      docsUrl,
      version,
    });
  });

  it("behavior: crosses from one tab to another with its message, its docs address and the version that failed", () => {
    const error = new BackupError("STORE_FULL", "The disk is full.", { details: "The system says ENOSPC.", version: "9.9.9" });
    const arrived = unpackErrors(structuredClone(packErrors({ error }))) as { error: BackupError };
    expect(isBackupError(arrived.error)).toBe(true);
    expect(arrived.error).toMatchObject({ message: error.message, code: "STORE_FULL", docsUrl: `${page}#store_full`, version: "9.9.9" });
    expect(arrived.error.message).toContain("Version: @xmtp-backup/core@9.9.9");
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
    const page = await readFile(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
    const section = page.split("\n## ").find((each) => each.startsWith(`${code}\n`));
    const { kept, next, retryable } = errorCodes[code];
    expect(section).toContain(`- **What was kept**: ${kept}`);
    expect(section).toContain(`- **What to do**: ${next}`);
    expect(section).toContain(`- **Worth retrying**: ${retryable ? "yes" : "no"}`);
    expect(section).toMatch(/- \*\*What happened\*\*: .{20,}/);
  });
});
