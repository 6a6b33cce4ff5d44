import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findBrowser } from "./findBrowser.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xmtp-backup-find-"));
  await writeFile(join(folder, "chromium"), "", { mode: 0o755 });
  await writeFile(join(folder, "notes"), "", { mode: 0o644 });
});
afterAll(() => rm(folder, { recursive: true }));

test("default: the first on the path", () => {
  expect(findBrowser({ PATH: folder })).toBe(join(folder, "chromium"));
});

test("parameters: CHROMIUM_PATH goes before the path", () => {
  expect(findBrowser({ PATH: folder, CHROMIUM_PATH: process.execPath })).toBe(process.execPath);
});

test("behavior: refuses a CHROMIUM_PATH that can't be run", () => {
  expect(() => findBrowser({ PATH: folder, CHROMIUM_PATH: join(folder, "notes") })).toThrow("can't be run");
});
