import { describe, expect, it } from "vitest";
import { BackupError } from "../errors/backupError.ts";
import { sdkError } from "./sdkError.ts";

const told = { code: "HOST_FAILED", shortMessage: "The conversations could not be listed." } as const;

describe("sdkError", () => {
  it("default: has the given code, and what the SDK says", () => {
    const cause = new Error("no such group");
    expect(sdkError(cause, told)).toMatchObject({ ...told, details: "The SDK says: no such group.", cause });
    expect(sdkError("no such group", told)).toMatchObject({ ...told, details: "The SDK says: no such group." });
  });

  it("behavior: an error of ours stays as it is, and a full device is one", () => {
    const own = new BackupError("CLIENT_CLOSED", "The XMTP client is closed.");
    expect(sdkError(own, told)).toBe(own);
    expect(sdkError(new Error("database or disk is full"), told)).toMatchObject({ code: "DEVICE_FULL", shortMessage: told.shortMessage });
  });

  it("parameters: closed: the words of a closed client", () => {
    const error = new Error("Pool needs to reconnect");
    expect(sdkError(error, { ...told, closed: /needs to\s+reconnect/i })).toMatchObject({ code: "CLIENT_CLOSED", cause: error });
    expect(sdkError(error, told)).toMatchObject({ code: "HOST_FAILED" });
  });
});
