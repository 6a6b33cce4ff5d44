import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { beforeEach, describe, expect, it } from "vitest";
import {
  askForWords,
  custom,
  fromRecoveryPhrase,
  generateRecoveryPhrase,
  type KeyRing,
  keyRing,
  passphrase,
  passphraseStrength,
  readPhrase,
  recoveryPhrase,
  type Slot,
  type SlotKey,
} from "../src/index.ts";
import { passkey } from "../src/passkey/index.ts";
import { memoryVault } from "./support.ts";

const refused = { code: "OPTIONS_INVALID", retryable: false };

/** A call as code without types makes it. */
function loosely<Result>(call: unknown, ...given: readonly unknown[]): Result {
  return (call as (...given: readonly unknown[]) => Result)(...given);
}

/** The refusal of a call, whether it throws or rejects, and whatever a log would show of it. */
async function refusalOf(run: () => unknown): Promise<{ error: unknown; text: string }> {
  try {
    await run();
  } catch (error) {
    const { details } = error as { details?: unknown };
    return { error, text: `${String(error)} ${String(details)} ${JSON.stringify(error)}` };
  }
  throw new Error("Nothing was refused.");
}

describe("keyRing, by code without types", () => {
  const phrase = generateRecoveryPhrase();
  let store: ReturnType<typeof memoryStore>;
  let cache: ReturnType<typeof memoryKeys>;
  let ring: KeyRing;
  let slot: Slot;
  let lost: Slot;
  const stored = () => store.documents.get("key-ring")?.bytes;

  beforeEach(async () => {
    [store, cache] = [memoryStore(), memoryKeys()];
    ring = keyRing({ store, cache });
    slot = await ring.addSlot(recoveryPhrase(phrase));
    lost = await ring.addSlot(custom(memoryVault("lost")));
  });

  it("parameters: slot: removeSlot takes what addSlot and inspect give, or its id", async () => {
    const [, shown] = (await ring.inspect()).slots;
    await ring.removeSlot(shown!);
    expect((await ring.inspect()).slots).toEqual([slot]);
    const again = await ring.addSlot(custom(memoryVault("again")));
    await ring.removeSlot(again);
    const third = await ring.addSlot(custom(memoryVault("third")));
    await ring.removeSlot(third.id);
    expect((await ring.inspect()).slots).toEqual([slot]);
  });

  it("parameters: slot: removeSlot refuses what names no slot, and removes nothing", async () => {
    const before = stored();
    for (const given of [
      undefined,
      null,
      "",
      "custom",
      "lost",
      phrase,
      1,
      {},
      { id: 7 },
      { id: undefined },
      [lost],
      [lost.id],
      lost.id.slice(1),
      ` ${lost.id}`,
      lost.id.toUpperCase(),
      Promise.resolve(lost),
    ]) {
      const { error, text } = await refusalOf(() => loosely(ring.removeSlot, given));
      expect(error).toMatchObject(refused);
      expect(text).not.toContain(phrase);
    }
    expect(stored()).toEqual(before);
  });

  it("behavior: an older ring without the slot makes no slot look removed", async () => {
    await ring.removeSlot(lost);
    const before = stored();
    const readded = await ring.addSlot(custom(memoryVault("new")));
    await store.putDocument("key-ring", before!, { replaces: store.documents.get("key-ring")?.revision });
    await expect(ring.removeSlot(readded)).rejects.toMatchObject({ code: "KEY_RING_ROLLED_BACK" });
    await expect(keyRing({ store, cache: memoryKeys() }).removeSlot(readded)).rejects.toMatchObject({ code: "KEY_MISSING" });
  });

  it("parameters: slotKey: what is no slot key is refused, without a word of it", async () => {
    const before = stored();
    const { create, unlock, kind } = recoveryPhrase(phrase);
    const wrong = [
      phrase,
      phrase.split(" "),
      undefined,
      null,
      7,
      {},
      { phrase },
      slot,
      Promise.resolve(recoveryPhrase(phrase)),
      recoveryPhrase,
      { create, unlock },
      { kind, create },
      { kind, unlock },
      { kind: phrase, create, unlock },
      { kind, create, unlock, archiveKey: phrase },
    ];
    for (const call of [ring.open, ring.test, ring.addSlot, ring.renew]) {
      for (const given of wrong) {
        const { error, text } = await refusalOf(() => loosely(call, given));
        expect(error).toMatchObject({ ...refused, details: expect.stringContaining("recoveryPhrase(words)") as string });
        expect(text).not.toContain(phrase);
      }
    }
    expect(stored()).toEqual(before);
  });

  it("parameters: options: unknown ones and those of another kind are refused, before anything is asked", async () => {
    const before = stored();
    let asked = 0;
    const counting: SlotKey = {
      kind: "custom",
      create: async () => Promise.reject(new Error(`Asked ${++asked}.`)),
      unlock: () => ({ [Symbol.asyncIterator]: () => ({ next: async () => Promise.reject(new Error(`Asked ${++asked}.`)) }) }),
    };
    const withSlotKey = (call: unknown) => (options: unknown) => loosely(call, counting, options);
    const calls = [
      ...[ring.open, ring.test, ring.addSlot, ring.renew].map(withSlotKey),
      ...[ring.inspect, ring.rotate, ring.putBack].map((call) => (options: unknown) => loosely(call, options)),
      (options: unknown) => loosely(ring.removeSlot, lost, options),
    ];
    for (const call of calls) {
      for (const options of [null, "now", 5, [], { acceptOldr: true }, { signal: {} }, { signal: "no" }])
        expect((await refusalOf(() => call(options))).error).toMatchObject(refused);
    }
    for (const acceptOlder of ["false", 1, null])
      expect((await refusalOf(() => loosely(ring.open, counting, { acceptOlder }))).error).toMatchObject(refused);
    expect([asked, stored()]).toEqual([0, before]);
  });

  it("parameters: keyRing: what is no store, no cache, no memory, no opener and no clock is refused at once", async () => {
    for (const options of [
      undefined,
      {},
      { store: {} },
      { store: { ...store, list: undefined } },
      { store: { getDocument() {}, putDocument() {} } },
      { store, cache: {} },
      { store, cache: { load() {} } },
      { store, memory: {} },
      { store, memory: { read() {} } },
      { store, opener: {} },
      { store, opener: phrase },
      { store, opener: memoryVault() },
      { store, clock: {} },
      { store, chache: cache },
    ]) {
      const { error, text } = await refusalOf(() => loosely(keyRing, options));
      expect(error).toMatchObject(refused);
      expect(text).not.toContain(phrase);
    }
  });
});

describe("slot keys, by code without types", () => {
  const secret = "cleft cam synod lacy yr wok";

  it.each<[string, unknown, (readonly unknown[])[]]>([
    [
      "passphrase",
      passphrase,
      [
        [],
        [null],
        [[secret]],
        [{ passphrase: secret }],
        [secret, null],
        [secret, secret],
        [secret, { insits: true }],
        [secret, { insist: "no" }],
        [secret, { cost: 5 }],
        [secret, { cost: { memory: 9 } }],
        [secret, { cost: { iterations: "9" } }],
        [secret, { workLimitKiB: NaN }],
        [secret, { workLimitKiB: "9" }],
        [secret, { workLimitKiB: -1 }],
      ],
    ],
    ["recoveryPhrase", recoveryPhrase, [[], [null], [secret.split(" ")], [{ phrase: secret }]]],
    ["fromRecoveryPhrase", fromRecoveryPhrase, [[], [secret.split(" ")]]],
    ["readPhrase", readPhrase, [[], [secret.split(" ")]]],
    ["askForWords", askForWords, [[], [secret.split(" ")], [secret, NaN], [secret, { count: 3 }], [secret, "3"]]],
    ["passphraseStrength", passphraseStrength, [[], [[secret]], ["a", secret], ["a", [5]], ["a", { name: secret }]]],
    [
      "custom",
      custom,
      [
        [],
        [null],
        [secret],
        [{}],
        [{ ...memoryVault(), name: "" }],
        [{ ...memoryVault(), wrap: secret }],
        [{ ...memoryVault(), unwrap: undefined }],
        [{ ...memoryVault(), name: undefined }],
      ],
    ],
    [
      "passkey",
      passkey,
      [
        [],
        [null],
        [secret],
        [{ appName: "Chat" }],
        [{ appName: "Chat", userName: "" }],
        [{ appName: "Chat", userName: "a", rpID: "example.com" }],
        [{ appName: "Chat", userName: "a", rpId: 5 }],
      ],
    ],
  ])("parameters: %s: what it can't use is refused at once, without a word of it", async (_name, call, wrong) => {
    for (const given of wrong) {
      const { error, text } = await refusalOf(() => loosely(call, ...given));
      expect(error).toMatchObject(refused);
      for (const word of ["synod", "lacy"]) expect(text).not.toContain(word);
    }
  });

  it("behavior: a vault may be an object of the app's own", async () => {
    class Vault {
      name = "own";
      connection = "kms";
      wrap = async (secretBytes: Uint8Array) => new Uint8Array(secretBytes);
      unwrap = async (wrapped: Uint8Array) => new Uint8Array(wrapped);
    }
    const ring = keyRing({ store: memoryStore(), cache: memoryKeys() });
    expect(await ring.addSlot(custom(new Vault()))).toMatchObject({ kind: "custom", name: "own" });
  });
});
