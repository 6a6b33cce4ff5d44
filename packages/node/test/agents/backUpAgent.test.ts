import { BackupError, createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fillAgentOptions } from "../../src/agents/agentOptions.ts";
import { type AgentBackupsOptions, backUpAgent } from "../../src/agents/index.ts";

/** What goes on with a real agent is in the tests of the example. */
describe("backUpAgent, before there is an agent", () => {
  let databaseDirectory: string;
  beforeAll(async () => {
    databaseDirectory = await mkdtemp(join(tmpdir(), "xmtp-backup-"));
  });
  afterAll(() => rm(databaseDirectory, { recursive: true }));

  /** Whether an agent would be made. */
  async function makes(options: Partial<AgentBackupsOptions>): Promise<unknown> {
    const made = new Error("an agent is made");
    const store = memoryStore();
    const result = backUpAgent(() => Promise.reject(made), { store, keys: memoryKeys(generateArchiveKey()), databaseDirectory, ...options });
    return result.catch((error: unknown) => (error === made ? "made" : (error as BackupError).code));
  }

  const away = () => {
    const store = memoryStore();
    store.failures.failNext("open", new BackupError("STORE_UNAVAILABLE", "away"));
    return store;
  };

  it("default: one is made when the place for archives answers", async () => {
    expect(await makes({})).toBe("made");
  });

  it("behavior: none is made while that does not answer, unless there is a database", async () => {
    expect(await makes({ store: away() })).toBe("STORE_UNAVAILABLE");
    await writeFile(join(databaseDirectory, "xmtp-me.db3"), "");
    expect(await makes({ store: away() })).toBe("made");
    await rm(join(databaseDirectory, "xmtp-me.db3"));
  });

  it("behavior: none is made while no key opens what is listed there, unless the operator accepts that", async () => {
    const store = memoryStore();
    await createBackups({ host: fakeHost(), store, keys: memoryKeys(generateArchiveKey()) }).backup().result;
    expect(await makes({ store })).toBe("KEY_WRONG");
    expect(await makes({ store, keys: memoryKeys() })).toBe("KEY_MISSING");
    expect(await makes({ store, missingHistory: "accept" })).toBe("made");
    expect(await makes({ store, allowNewKey: true })).toBe("made");
  });

  it("default: the console hears what is no failed backup, since the agent reports those", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { logger } = fillAgentOptions({ store: memoryStore(), keys: memoryKeys() }).forBackups;
    if (logger) for (const event of ["backup.failed", "archive.damaged"] as const) logger.warn({ event }, event);
    expect(warn.mock.calls).toEqual([["archive.damaged"]]);
    warn.mockRestore();
  });

  it("behavior: none is made for a policy that can't be followed", async () => {
    expect(await makes({ policy: { afterMessages: -1 } })).toBe("POLICY_INVALID");
  });
});
