import { BackupError, createBackups, generateArchiveKey } from "@xmtp-backup/core";
import { fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { fillAgentOptions } from "./agentOptions.ts";
import { type AgentBackupsOptions, backUpAgent } from "./index.ts";

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
    const result = backUpAgent(() => Promise.reject(made), {
      store,
      keys: memoryKeys(generateArchiveKey()),
      databaseDirectory,
      ...options,
    });
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

  it.each([
    { missingHistory: "Refuse" },
    { revokeOlder: "false" },
    { revokeolder: true },
    { host: fakeHost() },
    { allowNewKey: "no" },
    { databaseDirectory: 5 },
    { store: undefined },
    { keys: {} },
    { lock: {} },
    { clock: { now: 5 } },
    { logger: {} },
    { inspect: 5 },
    { appVersion: 5 },
    { activation: { recreateDms: "always" } },
  ])("parameters: none is made with a wrong option: %o", async (options) => {
    const store = memoryStore();
    store.failures.failNext("open", new BackupError("STORE_UNAVAILABLE", "touched"));
    expect(await makes({ store, ...(options as object) })).toBe("OPTIONS_INVALID");
  });

  it.each([undefined, null, 5, []])("parameters: none is made without options: %j", async (options) => {
    const create = vi.fn();
    await expect(backUpAgent(create, options as never)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    await expect(backUpAgent({} as never, { store: memoryStore(), keys: memoryKeys() })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
    expect(create).not.toHaveBeenCalled();
  });

  it("behavior: none is made while the newest archive is locked or of a newer version", async () => {
    const [store, key] = [memoryStore(), generateArchiveKey()];
    const backUp = async (keys: Uint8Array) =>
      (await createBackups({ host: fakeHost(), store, keys: memoryKeys(keys), allowNewKey: true }).backup().result).entry.id;
    await backUp(key);
    expect(await makes({ store, keys: memoryKeys(key) })).toBe("made");
    const id = await backUp(generateArchiveKey());
    expect(await makes({ store, keys: memoryKeys(key) })).toBe("KEY_WRONG");
    expect(await makes({ store, keys: memoryKeys(key), allowNewKey: true })).toBe("made");
    const file = JSON.parse(Buffer.from(store.manifests.get(id) ?? []).toString()) as Record<string, unknown>;
    store.manifests.set(id, Buffer.from(JSON.stringify({ ...file, version: 2, sealed: undefined, parts: [] })));
    expect(await makes({ store, keys: memoryKeys(key) })).toBe("ARCHIVE_VERSION_UNSUPPORTED");
    expect(await makes({ store, keys: memoryKeys(key), missingHistory: "accept" })).toBe("made");
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

  it("behavior: none is made for a policy with a wrong setting", async () => {
    expect(await makes({ policy: { afterMessages: -1 } })).toBe("POLICY_INVALID");
  });
});
