import { beforeAll, describe, expect, it } from "vitest";
import { type AppBundle, bundleApp } from "../scripts/bundleApp.ts";

const codec =
  /packages\/archive\/|core\/src\/(backup\/(createBackupRun|exportSlices)|restore\/(createRestoreRun|importChunks)|archives\/inspectArchive)/;
const machines = /node_modules\/xstate\/|core\/src\/.*Machine\.ts/;

describe("an app that imports createBackups", () => {
  let app: AppBundle;

  beforeAll(async () => {
    app = await bundleApp(`export { createBackups } from "@xmtp-backup/core";`, { name: "bundle-test" });
  });

  it("default: loads neither machines nor the code that reads and writes archives", () => {
    const sources = app.sourcesOf(app.first);
    expect(sources).toContain("packages/core/src/createBackups.ts");
    expect(sources.filter((source) => machines.test(source) || codec.test(source))).toEqual([]);
  });

  it.each([
    "policy/runPolicy.ts",
    "tasks/recover.ts",
    "activation/trackRestored.ts",
    "upkeep/createUpkeep.ts",
    "activation/createHistorySync.ts",
  ])("behavior: %s comes when it is needed, without the code that reads and writes archives", (source) => {
    const path = `packages/core/src/${source}`;
    expect(app.sourcesOf(app.first)).not.toContain(path);
    const sources = app.sourcesOf(app.with(path));
    expect(sources).toContain(path);
    expect(sources.filter((each) => codec.test(each))).toEqual([]);
  });

  it("behavior: a task brings the code that reads and writes archives", () => {
    expect(app.sourcesOf(app.with("packages/core/src/backup/createBackupWork.ts")).some((source) => codec.test(source))).toBe(true);
  });
});
