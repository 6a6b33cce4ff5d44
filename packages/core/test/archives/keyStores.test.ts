import { type Backups, createBackups, generateArchiveKey, keyFingerprint, type KeyStore } from "@xmtp-backup/core";
import { fakeHost, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { firstValueFrom } from "rxjs";
import { filter } from "rxjs/operators";
import { describe, expect, it, vi } from "vitest";
import { backUp, contentsOf, newInstallation, world } from "../support/world.ts";
import { watchedKeys } from "../support/watchedKeys.ts";

const zeros = new Uint8Array(32);

/** A store of somebody else, which lends what it holds without a look at it. */
function careless(...held: unknown[]): KeyStore {
  return {
    load: async () => held.map((key) => (key instanceof Uint8Array ? new Uint8Array(key) : key)) as Uint8Array[],
    add: async (key) => void held.unshift(new Uint8Array(key)),
  };
}

async function judged(backups: Backups) {
  return firstValueFrom(backups.status$.pipe(filter(({ health, running }) => health !== undefined && running === undefined)));
}

describe("a key that can't be used", () => {
  it.each([
    ["zeros", zeros],
    ["16 bytes", new Uint8Array(16).fill(7)],
    ["no bytes", new Uint8Array()],
    ["a text", "5f".repeat(32)],
    ["nothing", undefined],
  ])("behavior: %s in front of the key block neither list, backup, restore nor verify", async (_what, bad) => {
    const { backups, store, host, clock, key } = world();
    const before = await backUp(backups);
    for (const keys of [careless(bad, key), careless(key, bad)]) {
      const other = createBackups({ host, store, keys, clock });
      expect((await other.list()).every(({ seal }) => seal === "open")).toBe(true);
      expect((await backUp(other)).keyFingerprint).toBe(keyFingerprint(key));
      await expect(other.verify(before.id)).resolves.toMatchObject({ id: before.id });
      const { backups: phone } = newInstallation({ ...world(), store, clock, keys: keys as ReturnType<typeof memoryKeys> });
      await expect(phone.restore(before).result).resolves.toMatchObject({ messages: { restored: 6 } });
    }
  });

  it("behavior: it is told in the status and by health, for as long as it is there", async () => {
    const { backups, store, host, clock, key } = world();
    await backUp(backups);
    const other = createBackups({ host, store, keys: careless(zeros, key, new Uint8Array(31)), clock });
    await other.start();
    expect(await judged(other)).toMatchObject({ unusableKeys: 2, health: { level: "warning", reason: "unusableKeys", keys: 2 } });
    other.stop();
    const sound = createBackups({ host, store, keys: careless(key), clock });
    await sound.start();
    const status = await judged(sound);
    expect(status.unusableKeys).toBeUndefined();
    expect(status.health?.level).toBe("ok");
    sound.stop();
  });

  it("behavior: with nothing but zeros a list shows the archives as closed, and a restore says what is wrong with the keys", async () => {
    const { backups, store, host, clock } = world();
    const entry = await backUp(backups);
    const other = createBackups({ host, store, keys: careless(zeros), clock });
    expect(await other.list()).toMatchObject([{ id: entry.id, seal: "otherKey" }]);
    await expect(other.restore(entry).result).rejects.toMatchObject({
      code: "KEY_MISSING",
      details: expect.stringContaining("zeros") as string,
    });
    await expect(other.backup().result).rejects.toMatchObject({ code: "KEY_MISSING", details: expect.stringContaining("zeros") as string });
  });

  it("behavior: a store that lends its own bytes is found out before an archive is made with its key", async () => {
    const held: Uint8Array[] = [];
    const lending: KeyStore = { load: async () => [...held], add: async (key) => void held.unshift(new Uint8Array(key)) };
    const keeping: KeyStore = { load: async () => held.map((key) => new Uint8Array(key)), add: async (key) => void held.unshift(key) };
    for (const keys of [lending, keeping]) {
      held.length = 0;
      const { backups, store } = world({}, { keys });
      await expect(backups.backup().result).rejects.toMatchObject({
        code: "KEY_INVALID",
        details: expect.stringContaining("zeros") as string,
      });
      expect(store.archives.size).toBe(0);
    }
  });

  it("behavior: a store that gives no list is one that can't be read", async () => {
    const { backups } = world({}, { keys: { load: async () => undefined as unknown as Uint8Array[], add: async () => undefined } });
    await expect(backups.list()).rejects.toMatchObject({ code: "KEY_STORE_FAILED" });
  });
});

describe("backup without a key, beside archives that have one", () => {
  it("default: makes no new key in silence, whosoever the archives are", async () => {
    const { backups, store, clock } = world();
    await backUp(backups);
    const before = contentsOf(store);
    const keys = memoryKeys();
    const phone = createBackups({ host: fakeHost({}), store, keys, clock });
    await expect(phone.backup().result).rejects.toMatchObject({
      code: "KEY_MISSING",
      retryable: false,
      details: expect.stringContaining("allowNewKey") as string,
    });
    expect([await keys.load(), contentsOf(store)]).toEqual([[], before]);
  });

  it("behavior: a store that can't be listed is no empty one", async () => {
    const { backups, store } = world({}, { keys: memoryKeys() });
    store.failures.failNext("list", new Error("connection reset"));
    await expect(backups.backup().result).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(store.archives.size).toBe(0);
  });

  it("parameters: allowNewKey: one backup makes the key when the app insists, and no later one needs to", async () => {
    const { backups, store, clock } = world();
    const others = await backUp(backups);
    const phone = createBackups({ host: fakeHost({ inboxId: "another" }), store, keys: memoryKeys(), clock });
    await phone.backup({ allowNewKey: true }).result;
    await phone.backup().result;
    expect((await phone.list()).map(({ seal }) => seal).sort()).toEqual(["open", "open", "otherKey"]);
    expect((await backups.list()).find(({ id }) => id === others.id)).toMatchObject({ seal: "open" });
  });

  it("parameters: allowNewKey: as a setting it holds for the backups of the policy, and health has nothing to say", async () => {
    const { backups, store, clock } = world();
    await backUp(backups);
    const settings = { store, clock, policy: { frequency: "daily", afterMessages: false } } as const;
    const insisting = createBackups({ ...settings, host: fakeHost({ inboxId: "another" }), keys: memoryKeys(), allowNewKey: true });
    await insisting.start();
    expect((await judged(insisting)).health).toMatchObject({ level: "warning", reason: "noArchive" });
    const made = firstValueFrom(insisting.status$.pipe(filter(({ lastSuccess }) => lastSuccess !== undefined)));
    insisting.prepareFor("app-update");
    await made;
    insisting.stop();
  });

  it("behavior: health says it before anything failed, and the backup goes on once the key is there", async () => {
    const { backups, store, clock, key } = world();
    await backUp(backups);
    const keys = memoryKeys();
    const phone = createBackups({ host: fakeHost({}), store, keys, clock, policy: { frequency: "daily", afterMessages: false } });
    await phone.start();
    expect((await judged(phone)).health).toMatchObject({ level: "failing", reason: "keyMissing" });
    await expect(phone.backup().result).rejects.toMatchObject({ code: "KEY_MISSING" });
    await keys.add(key);
    const better = firstValueFrom(phone.status$.pipe(filter(({ health }) => health !== undefined && health.level !== "failing")));
    phone.retry();
    await better;
    await phone.backup().result;
    phone.stop();
  });
});

describe("an archive as a file", () => {
  it("behavior: is opened with whichever key made it, after rotations too", async () => {
    const { backups, store, keys, clock } = world();
    const entry = await backUp(backups);
    const file = await store.get(entry.id);
    for (let count = 0; count < 3; count += 1) await keys.add(generateArchiveKey());
    expect(await backups.inspect(file)).toMatchObject({ counts: { messages: 6 } });
    const { backups: phone } = newInstallation({ ...world(), store, keys, clock });
    const task = phone.restore(file, { confirm: true });
    await new Promise<void>((resolve) => void task.state$.subscribe(({ status }) => status === "awaitingConfirmation" && resolve()));
    task.confirm();
    expect(await task.result).toMatchObject({ messages: { restored: 6, expected: 6 } });
  });

  it("behavior: which no key opens is refused as with one key", async () => {
    const { store, backups } = world();
    const file = await store.get((await backUp(backups)).id);
    const other = world({}, { keys: memoryKeys(generateArchiveKey(), generateArchiveKey()) }).backups;
    const codeOf = (blob: Blob) =>
      other.inspect(blob).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
    const files = [file, new Blob([]), new Blob(["no archive at all, but long enough"]), file.slice(0, 12)];
    expect(await Promise.all(files.map(codeOf))).toEqual([
      "ARCHIVE_KEY_OR_DAMAGE",
      "ARCHIVE_EMPTY",
      "ARCHIVE_FOREIGN",
      "ARCHIVE_TRUNCATED",
    ]);
    await expect(other.restore(file).result).rejects.toMatchObject({ code: "ARCHIVE_KEY_OR_DAMAGE" });
  });
});

describe("key buffers that a store lends", () => {
  const watched = () => {
    const keys = watchedKeys(memoryKeys(generateArchiveKey(), generateArchiveKey()));
    return { ...world({}, { keys }), keys };
  };

  it.each<[string, (backups: Backups, id: string) => Promise<unknown>]>([
    ["list", (backups) => backups.list()],
    ["backup", (backups) => backups.backup().result],
    ["restore", async (backups) => backups.restore((await backups.list())[0]!).result],
    ["inspect", async (backups) => backups.inspect((await backups.list())[0]!)],
    ["verify", (backups, id) => backups.verify(id)],
    ["rename", (backups, id) => backups.rename(id, "Before the update")],
    ["pin", (backups, id) => backups.pin(id)],
    ["unpin", (backups, id) => backups.unpin(id)],
    ["rekey", (backups, id) => backups.rekey(id)],
    ["planRetention", (backups) => backups.planRetention()],
    ["confirmKey", (backups) => backups.confirmKey()],
    [
      "start and the looks of the policy",
      async (backups) => {
        await backups.start();
        await judged(backups);
      },
    ],
    ["gapFillers", (backups) => backups.gapFillers()],
    ["remove", (backups, id) => backups.remove(id)],
  ])("behavior: %s overwrites every one, also where it fails", async (_name, run) => {
    const { backups, store, keys } = watched();
    const { id } = await backUp(backups);
    await run(backups, id);
    expect(keys.lent()).toBeGreaterThan(0);
    expect(keys.left()).toBe(0);
    for (const method of ["list", "get", "putManifest", "put"]) store.failures.failNext(method, new Error("connection reset"), 3);
    await run(backups, id).catch(() => undefined);
    // A look of the policy may still be under way.
    await vi.waitFor(() => expect(keys.left()).toBe(0));
    backups.stop();
  });

  it("behavior: a rotation, a file, a missing archive and another's key leave none either", async () => {
    const keys = watchedKeys(memoryKeys(generateArchiveKey(), generateArchiveKey()));
    const { backups, store } = world({}, { keys });
    const entry = await backUp(backups);
    await keys.add(generateArchiveKey());
    await backups.rekey(entry.id);
    const file = await store.get((await backups.list())[0]!.id);
    await backups.inspect(file);
    await backups.restore(file).result;
    await backups.verify(crypto.randomUUID()).catch(() => undefined);
    await createBackups({ host: fakeHost({}), store: memoryStore(), keys })
      .restore(entry)
      .result.catch(() => undefined);
    await backups.restore({ ...entry, keyFingerprint: "0".repeat(16) }).result.catch(() => undefined);
    expect(keys.left()).toBe(0);
  });

  it("behavior: a task that is cancelled anywhere leaves none", async () => {
    for (const stage of ["preparing", "exporting", "merging", "verifying", "storing", "confirming"]) {
      const { backups, keys } = watched();
      const task = backups.backup();
      await new Promise<void>(
        (resolve) => void task.state$.subscribe({ next: (state) => (state.status !== "running" || state.stage === stage) && resolve() }),
      );
      await task.cancel();
      expect(keys.left()).toBe(0);
    }
  });
});
