import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import { afterEach, describe, expect, it } from "vitest";
import { custom, generateRecoveryPhrase, keyRing, recoveryPhrase, type SlotKey } from "../src/index.ts";
import { passkey } from "../src/passkey/index.ts";
import { memoryVault } from "./support.ts";

/** A ring of one slot, and the outcome of adding another. */
async function adding(slotKey: SlotKey) {
  const store = memoryStore();
  const ring = keyRing({ store, cache: memoryKeys() });
  await ring.addSlot(recoveryPhrase(generateRecoveryPhrase()));
  const before = store.documents.get("key-ring");
  const code = await ring.addSlot(slotKey).then(
    () => "added",
    (error: unknown) => (error as { code: string }).code,
  );
  const device = keyRing({ store });
  const opens = await device.open(slotKey).then(
    () => true,
    () => false,
  );
  return { code, opens, isUntouched: store.documents.get("key-ring") === before, ring };
}

const random = () => crypto.getRandomValues(new Uint8Array(32));

describe("a new slot is opened once before it is written", () => {
  it("default: one of each kind that can't open is refused, and the ring is untouched", async () => {
    const vault = memoryVault();
    const slotKeys: SlotKey[] = [
      custom({ ...vault, unwrap: async () => random() }),
      custom({ ...vault, unwrap: async () => new Uint8Array(32) }),
      custom({ ...vault, wrap: async (secret) => vault.wrap(secret.slice(0, 31), {}) }),
      { kind: "passphrase", create: async () => ({ secret: random(), parameters: {} }), async *unlock() {} },
      {
        kind: "recoveryPhrase",
        create: async () => ({ secret: random(), parameters: {} }),
        async *unlock([slot]) {
          yield { id: slot!.id, secret: random() };
        },
      },
      {
        kind: "passkey",
        create: async () => ({ secret: random(), parameters: { rpId: "a" } }),
        async *unlock() {
          yield { id: "another", secret: random() };
        },
      },
    ];
    for (const slotKey of slotKeys) expect(await adding(slotKey)).toMatchObject({ code: "SLOT_UNUSABLE", opens: false, isUntouched: true });
  });

  it("behavior: parameters that JSON does not keep are refused too", async () => {
    const secret = random();
    const slotKey: SlotKey = {
      kind: "custom",
      create: async () => ({ secret: new Uint8Array(secret), parameters: { salt: Number.NaN } }),
      async *unlock([slot]) {
        if (Number.isNaN(slot?.parameters["salt"])) yield { id: slot!.id, secret: new Uint8Array(secret) };
      },
    };
    expect(await adding(slotKey)).toMatchObject({ code: "SLOT_UNUSABLE", isUntouched: true });
  });

  it("behavior: a vault that wraps and does not answer then is no slot yet", async () => {
    const vault = memoryVault();
    expect(await adding(custom({ ...vault, unwrap: () => Promise.reject(new Error("AccessDenied")) }))).toMatchObject({
      code: "SLOT_FAILED",
      isUntouched: true,
    });
    expect(await adding(custom(vault))).toMatchObject({ code: "added", opens: true });
  });

  it("behavior: an opener and a renewed ring are held to the same", async () => {
    const store = memoryStore();
    const broken = custom({ ...memoryVault(), unwrap: async () => random() });
    await expect(keyRing({ store, opener: broken }).add(random())).rejects.toMatchObject({ code: "SLOT_UNUSABLE" });
    expect(store.documents.size).toBe(0);
    const { ring } = await adding(custom(memoryVault()));
    await expect(ring.renew(broken)).rejects.toMatchObject({ code: "SLOT_UNUSABLE" });
    expect((await ring.inspect()).slots).toHaveLength(2);
  });
});

describe("a passkey's authenticator", () => {
  const globals = Object.fromEntries(
    (["navigator", "PublicKeyCredential"] as const).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]),
  );
  afterEach(() => {
    for (const [name, descriptor] of Object.entries(globals)) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    }
  });

  /** Plays the browser's API, with an authenticator that answers `create` and each `get` with these secrets. */
  function playBrowser({ create, get }: { create?: number; get(): number }): string[] {
    const asked: string[] = [];
    const rawId = random().buffer;
    class Credential {
      readonly rawId = rawId;
      readonly prf: unknown;
      constructor(prf: unknown) {
        this.prf = prf;
      }
      getClientExtensionResults() {
        return { prf: this.prf };
      }
    }
    const results = (fill: number | undefined) => (fill === undefined ? {} : { results: { first: new Uint8Array(32).fill(fill).buffer } });
    const credentials = {
      create: async () => (asked.push("create"), new Credential({ enabled: true, ...results(create) })),
      get: async () => (asked.push("get"), new Credential(results(get()))),
    };
    Object.defineProperty(globalThis, "PublicKeyCredential", { configurable: true, value: Credential });
    Object.defineProperty(globalThis, "navigator", { configurable: true, value: { credentials } });
    return asked;
  }
  const own = () => passkey({ appName: "Chat", userName: "alice", rpId: "example.com" });

  it("behavior: one whose secret differs when it is asked again makes no slot", async () => {
    playBrowser({ create: 1, get: () => 2 });
    expect(await adding(own())).toMatchObject({ code: "SLOT_UNUSABLE", isUntouched: true });
    let count = 0;
    playBrowser({ get: () => count++ });
    expect(await adding(own())).toMatchObject({ code: "SLOT_UNUSABLE", isUntouched: true });
  });

  it("behavior: one that is steady does, whether it gives the secret at once or only when asked", async () => {
    for (const create of [3, undefined]) {
      playBrowser({ ...(create !== undefined && { create }), get: () => 3 });
      expect(await adding(own())).toMatchObject({ code: "added", opens: true });
    }
  });
});
