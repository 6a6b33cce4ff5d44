import { BackupError, type Health } from "@xmtp-backup/core";
import { describe, expect, it, vi } from "vitest";
import { createReporter, createStatusReporter } from "./reporter.ts";

describe("createReporter", () => {
  it("default: the agent hears of an error once", () => {
    const heard: Error[] = [];
    const report = createReporter({ listenerCount: () => 1, emit: (_event, error) => heard.push(error) });
    const error = new Error("no");
    for (const each of [error, error, new Error("no")]) report(each);
    expect(heard).toHaveLength(2);
  });

  it("behavior: the console hears of it where nothing listens", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    createReporter({ listenerCount: () => 0, emit: () => expect.unreachable() })(new BackupError("KEY_WRONG", "no"));
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^xmtp-backup: KEY_WRONG: no/)]]);
    warn.mockRestore();
  });
});

describe("createStatusReporter", () => {
  const nextRun = { why: "due", trigger: "schedule", atMs: 0 } as unknown as Health["nextRun"];
  const revoked: Health = { level: "failing", reason: "revoked", nextRun };
  const sound: Health = { level: "ok", reason: "protected", nextRun };

  it("default: each failed backup is reported once", () => {
    const reported: Error[] = [];
    const tell = createStatusReporter((error) => reported.push(error));
    const lastFailure = { error: new Error("no"), atMs: 1 };
    for (const status of [{}, { lastFailure }, { lastFailure, health: sound }, { lastFailure: { ...lastFailure, atMs: 2 } }]) tell(status);
    expect(reported).toHaveLength(2);
  });

  it.each([
    { what: "at the start", before: [] },
    { what: "later", before: [{ health: sound }] },
  ])("behavior: an installation that is revoked is reported once: $what", ({ before }) => {
    const reported: string[] = [];
    const tell = createStatusReporter(({ message }) => reported.push(message));
    for (const status of [...before, { health: revoked }, {}, { health: revoked }]) tell(status);
    expect(reported).toEqual([expect.stringContaining("revoked")]);
  });
});
