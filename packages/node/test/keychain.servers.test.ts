import { AsyncEntry, findCredentialsAsync } from "@napi-rs/keyring";
import { type BackupError, generateArchiveKey } from "@xmtp-backup/core";
import { custom, keyRing } from "@xmtp-backup/keys";
import { keyStoreContract, memoryStore } from "@xmtp-backup/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { keychainAvailability } from "../src/keychain/keychainAvailability.ts";
import { keychainKeys } from "../src/keychain/keychainKeys.ts";
import { keychainVault } from "../src/keychain/keychainVault.ts";
import { findSecretService, skipWithoutSecretService } from "./support/findSecretService.ts";
import { keychainInChild } from "./support/keychainInChild.ts";
import { type SecretService, startSecretService } from "./support/secretService.ts";

const service = "xmtp-backup-test";

/** Keys that lie where nothing lay before. */
function newPlace() {
  const account = crypto.randomUUID();
  return {
    account,
    keys: keychainKeys({ service, account }),
    reopen: () => keychainKeys({ service, account }),
    entry: (page = 1) => new AsyncEntry(service, page === 1 ? account : `${account}/${page}`, { linux: { store: "secret-service" } }),
  };
}

function toHex(keys: readonly Uint8Array[]): string[] {
  return keys.map((key) => Buffer.from(key).toString("hex"));
}

describe("keychainKeys over GNOME Keyring", () => {
  let system: SecretService;
  beforeAll(async () => {
    const programs = findSecretService();
    if (!programs) return;
    system = await startSecretService(programs);
    await system.restart("unlocked");
  });
  beforeEach((context) => skipWithoutSecretService(context));
  afterAll(() => system?.dispose());

  for (const { name, run } of keyStoreContract(async () => newPlace())) it(name, run);

  it("behavior: keys outlive the keychain and the process, and what was opened before goes on", async () => {
    const { account, keys, reopen } = newPlace();
    const [older, newer] = [generateArchiveKey(), generateArchiveKey()];
    await keys.add(older);
    await system.restart("unlocked");
    expect(await keys.load()).toEqual([older]);
    await system.restart("unlocked");
    await keys.add(newer);
    expect(await reopen().load()).toEqual([newer, older]);
    expect((await keychainInChild({ service, account }, system.address)).loaded).toEqual(toHex([newer, older]));
  });

  it("behavior: a hundred keys are all there, in entries that Windows would keep too", async () => {
    const { keys, reopen, entry } = newPlace();
    const added = Array.from({ length: 100 }, () => generateArchiveKey());
    for (const key of added) await keys.add(key);
    await keys.add(added[3]!);
    expect(toHex(await reopen().load())).toEqual(toHex([added[3]!, ...added.toReversed().filter((key) => key !== added[3])]));
    const sizes = (await Promise.all([1, 2, 3, 4].map((page) => entry(page).getSecret()))).map((bytes) => bytes?.length);
    expect(sizes).toEqual([2084, 2084, expect.any(Number), undefined]);
  });

  it("behavior: keys that are added at once in one process are all kept", async () => {
    const { keys, reopen } = newPlace();
    const added = Array.from({ length: 5 }, () => generateArchiveKey());
    await Promise.all(added.map((key, index) => (index % 2 ? keys : reopen()).add(key)));
    expect(toHex(await keys.load())).toEqual(toHex(added.toReversed()));
  });

  it.each([
    [
      "one letter is another",
      (text: string) => text.replace(/:(.)(?=[^:]*:[^:]*$)/, (_all, letter: string) => `:${letter === "A" ? "B" : "A"}`),
      "KEY_STORE_FAILED",
    ],
    ["the end is missing", (text: string) => text.slice(0, -20), "KEY_STORE_FAILED"],
    ["a line break was added", (text: string) => `${text}\n`, "KEY_STORE_FAILED"],
    ["it is empty", () => "", "KEY_STORE_FAILED"],
    ["it is no text", () => "\u{FFFD}\u0000\u00FF", "KEY_STORE_FAILED"],
    ["a newer version wrote it", (text: string) => text.replace(":1:", ":2:"), "ARCHIVE_VERSION_UNSUPPORTED"],
  ])("behavior: when %s, that is told and the entry is left as it is", async (_what, damage, code) => {
    const { keys, entry } = newPlace();
    const key = generateArchiveKey();
    await keys.add(key);
    const damaged = damage(Buffer.from((await entry().getSecret())!).toString());
    await entry().setSecret(Buffer.from(damaged));
    for (const refused of [() => keys.load(), () => keys.add(generateArchiveKey())]) {
      const error = await refused().then(
        () => undefined,
        (each: unknown) => each as BackupError,
      );
      expect(error?.code).toBe(code);
      expect(`${error?.message}${error?.stack}${String(error?.cause)}`).not.toContain(Buffer.from(key).toString("base64").slice(2, 40));
    }
    expect(Buffer.from((await entry().getSecret())!).toString()).toBe(damaged);
  });

  it("behavior: a keychain that stays locked is told as that, is not taken for an empty one, and opens later", async () => {
    const { keys } = newPlace();
    const [key, later] = [generateArchiveKey(), generateArchiveKey()];
    await keys.add(key);
    await system.restart("locked");
    for (const refused of [keys.load(), keys.add(later), newPlace().keys.add(later)]) {
      await expect(refused).rejects.toMatchObject({
        code: "KEYCHAIN_UNAVAILABLE",
        retryable: false,
        details: expect.stringContaining("dismissed") as string,
      });
    }
    await system.restart("unlocked");
    expect(await keys.load()).toEqual([key]);
    expect((await findCredentialsAsync(service)).filter(({ account }) => account.startsWith("unlocking-"))).toEqual([]);
  });

  it("behavior: who gives up waiting is let go, and those who come after are served", async () => {
    const { keys } = newPlace();
    const [first, second] = [generateArchiveKey(), generateArchiveKey()];
    const giveUp = new AbortController();
    const adding = keys.add(first, { signal: giveUp.signal });
    giveUp.abort(new Error("enough"));
    await expect(adding).rejects.toThrow("enough");
    await keys.add(second);
    expect((await keys.load())[0]).toEqual(second);
  });

  it("behavior: without any keychain it says so, and nothing goes into the kernel's keyring", async () => {
    await system.restart("none");
    const task = { service, account: crypto.randomUUID(), key: toHex([generateArchiveKey()])[0]! };
    const refused = { available: "KEYCHAIN_UNAVAILABLE", loaded: "KEYCHAIN_UNAVAILABLE", added: "KEYCHAIN_UNAVAILABLE" };
    const withoutKeychain = await keychainInChild(task, system.address);
    const withoutBus = await keychainInChild(task);
    await system.restart("unlocked");
    const withoutModule = await keychainInChild({ ...task, withoutModule: true }, system.address);
    expect([withoutKeychain, withoutBus, withoutModule]).toMatchObject([refused, refused, refused]);
    expect(withoutKeychain.said).toContain("org.freedesktop.secrets");
    expect(withoutBus.said).toContain("DBUS_SESSION_BUS_ADDRESS");
    expect(withoutModule.said).toContain("Cannot find package '@napi-rs/keyring'");
    for (const { said } of [withoutKeychain, withoutBus, withoutModule])
      expect(said).toContain("keep the key in a file on a mounted secret");
  });

  it("default: keychainAvailability says that there is one", async () => {
    expect(await keychainAvailability()).toEqual({ isAvailable: true });
  });

  it("parameters: service, account: empty names are refused", () => {
    for (const options of [{ service: "" }, { service, account: "" }])
      expect(() => keychainKeys(options)).toThrow(expect.objectContaining({ code: "OPTIONS_INVALID" }));
  });

  describe("keychainVault", () => {
    it("default: unwraps what it wrapped, in another process's time too", async () => {
      const account = crypto.randomUUID();
      const secrets = [generateArchiveKey(), generateArchiveKey()];
      const wrapped = [];
      for (const secret of secrets) wrapped.push(await keychainVault({ service, account }).wrap(secret));
      await system.restart("unlocked");
      expect(await Promise.all(wrapped.map((each) => keychainVault({ service, account }).unwrap(each)))).toEqual(secrets);
      expect(Buffer.concat(wrapped).includes(Buffer.from(secrets[0]!))).toBe(false);
    });

    it("default: a key ring opens by itself with it, and on another machine says that the slot does not open", async () => {
      const store = memoryStore();
      const openedBy = (account: string) => keyRing({ store, opener: custom(keychainVault({ service, account })) });
      const here = crypto.randomUUID();
      const key = generateArchiveKey();
      await openedBy(here).add(key);
      await system.restart("unlocked");
      expect(await openedBy(here).load()).toEqual([key]);
      await expect(openedBy(crypto.randomUUID()).load()).rejects.toMatchObject({ code: "SLOT_FAILED", cause: { code: "KEY_MISSING" } });
    });

    it("behavior: what another machine wrapped, or what was altered, is refused", async () => {
      const [here, there] = [1, 2].map(() => keychainVault({ service, account: crypto.randomUUID() }));
      const wrapped = await here!.wrap(generateArchiveKey());
      await expect(there!.unwrap(wrapped)).rejects.toMatchObject({ code: "KEY_MISSING" });
      wrapped[20]! ^= 1;
      await expect(here!.unwrap(wrapped)).rejects.toMatchObject({ code: "KEY_MISSING" });
    });
  });
});
