import { generateArchiveKey, keyFingerprint } from "@xmtp-backup/core";
import { memoryKeys, type MemoryStore, memoryStore } from "@xmtp-backup/testing";
import { describe, expect, it } from "vitest";
import { type Argon2Cost, custom, generateRecoveryPhrase, keyRing, passphrase, recoveryPhrase } from "../src/index.ts";
import { withAnchorOf } from "../src/ring/anchor.ts";
import { toBase64 } from "../src/util/bytes.ts";
import { decodeRing, encodeRing } from "../src/ring/ringFile.ts";
import { ringLimits } from "../src/ring/ringLimits.ts";
import { makeSlot, sealRing, type SlotOrigin } from "../src/ring/sealRing.ts";
import { cheapPassphrase, memoryVault } from "./support.ts";

type Origin = Pick<SlotOrigin, "kind" | "parameters">;

const salt = toBase64(new Uint8Array(16));
const passphraseSlot = (cost: Argon2Cost): Origin => ({ kind: "passphrase", parameters: { salt, ...cost } });
const gibibyte = 1_048_576;

/** A place with a ring that somebody made who knows one of its keys, with slots of any number and cost. */
async function placeWith(origins: readonly Origin[]): Promise<MemoryStore> {
  const store = memoryStore();
  const key = generateArchiveKey();
  const secret = () => crypto.getRandomValues(new Uint8Array(32));
  const slots = await withAnchorOf(key, (anchor) =>
    Promise.all(origins.slice(0, ringLimits.slots).map((origin) => makeSlot({ ...origin, secret: secret(), createdAtMs: 0 }, anchor))),
  );
  const ring = await sealRing({ keys: [key], anchoredBy: keyFingerprint(key), slots });
  const all = origins.map((_, index) => ring.slots[index % ring.slots.length]!);
  store.documents.set("key-ring", { bytes: await encodeRing({ ...ring, slots: all }), revision: "1" });
  return store;
}

const repeat = (count: number, origin: Origin) => Array.from({ length: count }, () => origin);

describe("a forged ring", () => {
  it("default: more slots than a ring can have are refused, before any work", async () => {
    const store = await placeWith(repeat(1_300, passphraseSlot({ memoryKiB: gibibyte, iterations: 100, parallelism: 1 })));
    await expect(keyRing({ store }).open(passphrase("a horse in the rain"))).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
  });

  it("default: work above the limit is refused, for one slot and for all of them", async () => {
    const words = passphrase("a horse in the rain", { workLimitKiB: 1_000 });
    for (const [count, cost] of [
      [1, { memoryKiB: 100, iterations: 11, parallelism: 1 }],
      [11, { memoryKiB: 100, iterations: 1, parallelism: 1 }],
    ] as const) {
      const store = await placeWith(repeat(count, passphraseSlot(cost)));
      await expect(keyRing({ store }).open(words)).rejects.toMatchObject({
        code: "KEY_RING_DAMAGED",
        details: expect.stringContaining("workLimitKiB") as string,
      });
    }
    const store = await placeWith(repeat(10, passphraseSlot({ memoryKiB: 100, iterations: 1, parallelism: 1 })));
    await expect(keyRing({ store }).open(words)).rejects.toMatchObject({ code: "SECRET_WRONG" });
    const byDefault = await placeWith([passphraseSlot({ memoryKiB: gibibyte, iterations: 5, parallelism: 1 })]);
    await expect(keyRing({ store: byDefault }).open(passphrase("a horse in the rain"))).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
  });

  it("behavior: a slot that asks for much does not keep the right one from opening", async () => {
    const store = memoryStore();
    const ring = keyRing({ store, cache: memoryKeys() });
    await ring.addSlot(passphrase("another one", { insist: true, cost: { memoryKiB: 1_000, iterations: 5 } }));
    await ring.addSlot(cheapPassphrase("a horse in the rain"));
    expect(await keyRing({ store }).open(passphrase("a horse in the rain", { workLimitKiB: 100 }))).toMatchObject({ isOpen: true });
    expect(await keyRing({ store }).open(passphrase("another one", { workLimitKiB: 10_000 }))).toMatchObject({ isOpen: true });
  });

  it("behavior: the thread stays free, and an abort is obeyed at once", async () => {
    const store = await placeWith([passphraseSlot({ memoryKiB: 65_536, iterations: 60, parallelism: 1 })]);
    const controller = new AbortController();
    const reason = new Error("Enough.");
    const ring = keyRing({ store });
    const calls = [
      ring.open(passphrase("a horse in the rain"), { signal: controller.signal }),
      ring.inspect({ signal: controller.signal }),
      ring.test(passphrase("a horse"), { signal: controller.signal }),
    ];
    const rejections = calls.map((call) => expect(call).rejects.toBe(reason));
    let turns = 0;
    await new Promise<void>((resolve) => {
      const count = () => {
        if (++turns === 40) resolve();
        else setImmediate(count);
      };
      count();
    });
    controller.abort(reason);
    await Promise.all(rejections);
    expect(await ring.inspect()).toMatchObject({ isOpen: false });
  });

  it("behavior: a vault is asked for eight slots in one call, and no more", async () => {
    let calls = 0;
    const vault = custom({
      ...memoryVault(),
      async unwrap() {
        calls++;
        throw new Error("InvalidCiphertext");
      },
    });
    const store = await placeWith(repeat(32, { kind: "custom", parameters: { name: "team-vault", wrapped: "AAAA" } }));
    await expect(keyRing({ store }).open(vault)).rejects.toMatchObject({ code: "SLOT_FAILED" });
    expect(calls).toBe(8);
    const wrong = custom({
      ...memoryVault(),
      async unwrap() {
        calls++;
        return crypto.getRandomValues(new Uint8Array(32));
      },
    });
    const differing = await placeWith(
      Array.from({ length: 32 }, (_, index) => ({
        kind: "custom" as const,
        parameters: { name: "team-vault", wrapped: toBase64(new Uint8Array([index])) },
      })),
    );
    calls = 0;
    await expect(keyRing({ store: differing }).open(wrong)).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
    expect(calls).toBe(8);
  });

  it("behavior: a vault that never answers holds nobody who has enough", async () => {
    const store = memoryStore();
    const ring = keyRing({ store, cache: memoryKeys() });
    const vault = memoryVault();
    await ring.addSlot(custom(vault));
    const silent = custom({ ...vault, unwrap: () => new Promise(() => {}), wrap: () => new Promise(() => {}) });
    const device = keyRing({ store });
    const reason = new Error("Enough.");
    for (const call of [
      (signal: AbortSignal) => device.open(silent, { signal }),
      (signal: AbortSignal) => device.test(silent, { signal }),
      (signal: AbortSignal) => ring.addSlot(silent, { signal }),
    ]) {
      const controller = new AbortController();
      const rejection = expect(call(controller.signal)).rejects.toBe(reason);
      setImmediate(() => setImmediate(() => controller.abort(reason)));
      await rejection;
    }
    expect(await device.open(custom(vault))).toMatchObject({ isOpen: true });
    await ring.addSlot(recoveryPhrase(generateRecoveryPhrase()));
  });

  it("behavior: large bytes in the ring's place are refused unread", async () => {
    const deep = `{"format":"xmtp-backup/key-ring","version":2,"slots":${"[".repeat(3_000_000)}`;
    await expect(decodeRing(new TextEncoder().encode(deep))).rejects.toMatchObject({
      code: "KEY_RING_DAMAGED",
      shortMessage: "The key ring is larger than one can be.",
    });
  });
});
