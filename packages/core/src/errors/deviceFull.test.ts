import { describe, expect, it } from "vitest";
import { deviceFull, isDeviceFull } from "./deviceFull.ts";

describe("isDeviceFull", () => {
  it.each([
    ["a system's code", Object.assign(new Error("write"), { code: "ENOSPC" })],
    ["a quota of the system", Object.assign(new Error("write"), { code: "EDQUOT" })],
    ["a limit of the file system", Object.assign(new Error("write"), { code: "EFBIG" })],
    ["the SDK's words for a file", new Error("[DeviceSyncError::Archive] IO error: No space left on device (os error 28)")],
    ["the SDK's words for its database", new Error("[StorageError::Connection] database or disk is full")],
    ["a browser's name", Object.assign(new Error("The quota has been exceeded."), { name: "QuotaExceededError" })],
    ["Windows' words", new Error("There is not enough space on the disk. (os error 112)")],
    ["a cause", new Error("The export failed.", { cause: Object.assign(new Error("write"), { code: "ENOSPC" }) })],
    ["what was thrown as text", "No space left on device"],
  ])("default: knows %s", (_title, error) => {
    expect(isDeviceFull(error)).toBe(true);
  });

  it.each([
    [new Error("the database is locked")],
    [Object.assign(new Error("open"), { code: "EACCES" })],
    [undefined],
    ["full of doubt"],
    [{ code: "ENOSPC" }],
  ])("behavior: %s says nothing of it", (error) => {
    expect(isDeviceFull(error)).toBe(false);
  });

  it("behavior: a chain of causes that leads back to itself ends", () => {
    const error = new Error("one");
    error.cause = new Error("two", { cause: error });
    expect(isDeviceFull(error)).toBe(false);
  });

  it("behavior: the error keeps its cause", () => {
    const cause = new Error("write");
    expect(deviceFull("A note can't be written.", cause)).toMatchObject({ code: "DEVICE_FULL", cause, retryable: false });
  });
});
