import { inspect } from "node:util";
import { createBackups, type KeyStore } from "@xmtp-backup/core";
import { fakeHost, fakeInbox, memoryJournal, memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  askForWords,
  custom,
  fromRecoveryPhrase,
  generateRecoveryPhrase,
  keyRing,
  passphrase,
  readPhrase,
  recoveryPhrase,
  toRecoveryPhrase,
} from "../src/index.ts";
import { cheapPassphrase, memoryVault } from "./support.ts";
import { watchSecrets } from "./watchSecrets.ts";

const phrase = generateRecoveryPhrase();
const typedPassphrase = "quetzal-4711 under the ferry";

/** Everything that anybody could read: states, errors, notes, logs, and what lies in the store. */
const heard: string[] = [];
const hear = (value: unknown) => void heard.push(inspect(value, { depth: 20, maxArrayLength: 10_000, maxStringLength: 1_000_000 }));

const { given, watched } = watchSecrets();

describe("secrets", () => {
  const keysMade: Uint8Array[] = [];
  const store = memoryStore();
  const journals = [memoryJournal(), memoryJournal()];
  const logs = (["log", "info", "warn", "error", "debug"] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...values) => hear(values)),
  );

  async function refused(run: () => unknown): Promise<void> {
    try {
      await run();
    } catch (error) {
      hear(error);
      if (error instanceof Error) heard.push(String(error), error.stack ?? "", JSON.stringify(error));
      return;
    }
    throw new Error("It was not refused.");
  }

  async function follow(task: { state$: { subscribe(next: (state: unknown) => void): unknown }; result: Promise<unknown> }): Promise<void> {
    task.state$.subscribe(hear);
    await task.result.then(hear, hear);
  }

  beforeAll(async () => {
    const [oldJournal, newJournal] = journals;
    const ring = keyRing({ store, cache: memoryKeys() });
    const vault = memoryVault();
    hear(await ring.addSlot(watched(recoveryPhrase(phrase))));
    hear(await ring.addSlot(watched(cheapPassphrase(typedPassphrase))));
    hear(await ring.addSlot(watched(custom(vault))));
    const backups = createBackups({ host: fakeHost({ inbox: fakeInbox(), journal: oldJournal! }), store, keys: ring });
    await follow(backups.backup({ name: "One" }));
    hear(await ring.rotate());
    await follow(backups.backup());
    hear(await ring.test(watched(recoveryPhrase(phrase))));
    hear(await ring.inspect());

    const device = keyRing({ store, cache: memoryKeys() });
    const restoring = createBackups({ host: fakeHost({ journal: newJournal! }), store, keys: device });
    const [entry] = await restoring.list();
    hear(entry);
    await follow(restoring.restore(entry!));
    await refused(() => device.open(watched(recoveryPhrase(generateRecoveryPhrase()))));
    await refused(() => device.open(watched(passphrase(`${typedPassphrase}!`))));
    await refused(() => recoveryPhrase(phrase.replace(" ", " x")));
    await refused(() => fromRecoveryPhrase(phrase.split(" ").toReversed().join(" ")));
    await refused(() => ring.addSlot(watched(passphrase("1234"))));
    await refused(() => ring.addSlot(passphrase(typedPassphrase, { cost: { memoryKiB: 1 } })));
    await refused(() => ring.add(fromRecoveryPhrase(phrase).subarray(1)));
    vault.fail(new Error("ECONNREFUSED"));
    await refused(() => device.open(watched(custom(vault))));
    store.failures.failNext("putDocument", new Error("500"));
    await refused(() => ring.addSlot(watched(recoveryPhrase(phrase))));
    hear(await device.open(watched(passphrase(typedPassphrase))));
    await follow(restoring.restore(entry!));
    const whole = store.documents.get("key-ring")!;
    store.documents.set("key-ring", { ...whole, bytes: whole.bytes.map((byte, index) => (index === 900 ? byte ^ 1 : byte)) });
    await refused(() => device.open(watched(recoveryPhrase(phrase))));
    store.documents.set("key-ring", whole);

    keysMade.push(...(await ring.load()));
    given.push(...vault.secrets.map((copy) => ({ copy, bytes: new Uint8Array() })));
    for (const { notes } of journals) hear([...notes]);
    for (const { bytes } of store.documents.values()) heard.push(Buffer.from(bytes).toString("latin1"));
    for (const bytes of [...store.manifests.values(), ...store.archives.values()]) heard.push(Buffer.from(bytes).toString("latin1"));
    hear([ring, device, recoveryPhrase(phrase), passphrase(typedPassphrase), custom(vault), askForWords(phrase)]);
  });
  afterAll(() => logs.forEach((log) => log.mockRestore()));

  it("behavior: the witness heard the run", () => {
    const everything = heard.join("\n");
    for (const code of [
      "KEY_MISSING",
      "SECRET_WRONG",
      "PHRASE_INVALID",
      "PASSPHRASE_WEAK",
      "OPTIONS_INVALID",
      "KEY_INVALID",
      "SLOT_FAILED",
      "STORE_FAILED",
      "KEY_RING_DAMAGED",
    ])
      expect(everything).toContain(code);
    for (const sign of ["succeeded", "exporting", "importing", "xmtp-backup/key-ring", "xmtp-backup/manifest", "olderArchives"])
      expect(everything).toContain(sign);
    expect(keysMade).toHaveLength(2);
    expect(given.length).toBeGreaterThan(8);
  });

  it("default: no key and no slot's secret is in anything, however it is written", () => {
    for (const secret of [...keysMade, ...given.map(({ copy }) => copy), fromRecoveryPhrase(phrase)]) {
      const bytes = Buffer.from(secret);
      const spellings = [
        bytes.toString("latin1"),
        bytes.toString("hex"),
        bytes.toString("base64").replace(/=+$/, ""),
        bytes.toString("base64url"),
        [...bytes].join(","),
        [...bytes.subarray(0, 8)].join(", "),
        toRecoveryPhrase(secret),
      ];
      for (const spelling of spellings) expect(heard.filter((text) => text.includes(spelling))).toEqual([]);
    }
  });

  it("default: no passphrase and no three words of the phrase are in anything", () => {
    const words = phrase.split(" ");
    const parts = [typedPassphrase, "quetzal", ...words.slice(2).map((_, index) => words.slice(index, index + 3).join(" "))];
    for (const part of parts) expect(heard.filter((text) => text.includes(part))).toEqual([]);
    expect(readPhrase(phrase).isSound).toBe(true);
  });

  it("default: what a slot gave is overwritten after use", () => {
    expect(given.filter(({ bytes }) => bytes.some((byte) => byte !== 0))).toEqual([]);
  });

  it("default: keys that a ring takes from the device, and what it lends a vault, are overwritten after use", async () => {
    const lent: Uint8Array[] = [];
    const [cache, vault] = [memoryKeys(), memoryVault()];
    const watchedCache: KeyStore = {
      notes: cache.notes,
      async load(options) {
        const keys = await cache.load(options);
        lent.push(...keys);
        return keys;
      },
      async add(key, options) {
        lent.push(key);
        await cache.add(key, options);
      },
    };
    const watchedVault = custom({
      ...vault,
      async wrap(secret, options) {
        lent.push(secret);
        return vault.wrap(secret, options);
      },
    });
    const place = memoryStore();
    const ring = keyRing({ store: place, cache: watchedCache });
    await ring.addSlot(recoveryPhrase(phrase));
    const { id } = await ring.addSlot(watchedVault);
    await ring.rotate();
    await ring.test(watchedVault);
    await ring.inspect();
    await ring.removeSlot(id);
    await refused(() => ring.open(recoveryPhrase(generateRecoveryPhrase())));
    await ring.renew(watchedVault);
    await keyRing({ store: place, cache: watchedCache }).open(watchedVault);
    await keyRing({ store: place, cache: { ...watchedCache, load: async () => [] } }).open(watchedVault);
    expect(lent.length).toBeGreaterThan(20);
    expect(lent.filter((bytes) => bytes.some((byte) => byte !== 0))).toEqual([]);
    expect(await cache.load()).toHaveLength(3);
  });
});
