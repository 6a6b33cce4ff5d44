import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stateDirectoryOf } from "./stateDirectoryOf.ts";

const inMemory = (installationId: string) => ({ options: { dbPath: null }, env: "dev" as const, inboxId: "inbox", installationId });

describe("stateDirectoryOf", () => {
  it("behavior: clients in memory have one listener for the end of the process, however many there are", () => {
    const before = process.listenerCount("exit");
    const folders = Array.from({ length: 12 }, (_, index) => stateDirectoryOf(inMemory(`phone-${index}`)));
    expect(new Set(folders).size).toBe(12);
    expect(process.listenerCount("exit") - before).toBe(1);
  });

  it("behavior: where the temporary folder is away it says so", () => {
    const { TMPDIR } = process.env;
    process.env["TMPDIR"] = join(tmpdir(), "away", crypto.randomUUID());
    try {
      expect(() => stateDirectoryOf(inMemory("tablet"))).toThrow(expect.objectContaining({ code: "HOST_FAILED" }) as Error);
    } finally {
      if (TMPDIR === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = TMPDIR;
    }
  });
});
