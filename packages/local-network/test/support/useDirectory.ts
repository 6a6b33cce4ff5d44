import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll } from "vitest";

/** A fresh folder that is removed after the tests of the file. */
export function useDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "local-network-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
