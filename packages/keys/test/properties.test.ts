import { BackupError, keyFingerprint } from "@xmtp-backup/core";
import { memoryKeys, memoryStore } from "@xmtp-backup/testing";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { custom, keyRing, type SlotKey } from "../src/index.ts";
import { withAnchorOf } from "../src/ring/anchor.ts";
import { openRing } from "../src/ring/openRing.ts";
import { decodeRing, encodeRing, type RingFile } from "../src/ring/ringFile.ts";
import { makeSlot, sealRing } from "../src/ring/sealRing.ts";
import { fixedSlotKey, memoryVault } from "./support.ts";
import { runs } from "../../../test/runs.ts";

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** A ring of these keys, newest first, with a slot for each of the secrets. */
async function ringOf(keys: readonly Uint8Array[], secrets: readonly Uint8Array[]): Promise<RingFile> {
  const root = keys.at(-1) ?? new Uint8Array(32);
  const slots = await withAnchorOf(root, (anchor) =>
    Promise.all(secrets.map((secret) => makeSlot({ kind: "custom", secret, parameters: { name: "test" }, createdAtMs: 0 }, anchor))),
  );
  return sealRing({ keys, anchoredBy: keyFingerprint(root), slots });
}

/** The keys that opening gives, or the code of the refusal. */
async function outcomeOf(bytes: Uint8Array, secret: Uint8Array): Promise<string | Uint8Array[]> {
  try {
    return (await openRing(await decodeRing(bytes), fixedSlotKey(secret))).keys;
  } catch (error) {
    if (error instanceof BackupError) return error.code;
    throw error;
  }
}

describe("a ring's public part", () => {
  it("default: each secret opens it, whatever the keys, and no other one does", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(bytes32, { minLength: 1, maxLength: 4, selector: String }),
        fc.uniqueArray(bytes32, { minLength: 2, maxLength: 4, selector: String }),
        async (keys, [other = new Uint8Array(), ...secrets]) => {
          const file = await encodeRing(await ringOf(keys, secrets));
          for (const secret of secrets) expect(await outcomeOf(file, secret)).toEqual(keys);
          expect(await outcomeOf(file, other)).toBe("SECRET_WRONG");
        },
      ),
      { numRuns: runs(40) },
    );
  });

  it("behavior: neither a key nor a secret lies in it", async () => {
    await fc.assert(
      fc.asyncProperty(bytes32, bytes32, async (key, secret) => {
        const text = new TextDecoder().decode(await encodeRing(await ringOf([key], [secret])));
        const binary = text.split('"').map((part) => (/^[A-Za-z0-9+/]{40,}=*$/.test(part) ? atob(part) : part));
        for (const hidden of [key, secret]) {
          const [raw, hex] = [String.fromCharCode(...hidden), Buffer.from(hidden).toString("hex")];
          expect([...binary, text].some((part) => part.includes(raw) || part.includes(hex) || part.includes(btoa(raw).slice(0, 40)))).toBe(
            false,
          );
        }
      }),
      { numRuns: runs(40) },
    );
  });

  describe("when it is altered", () => {
    const [secret, key] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    let ring: RingFile;
    let file: Uint8Array;
    beforeAll(async () => {
      ring = await ringOf([key], [secret, new Uint8Array(32).fill(3)]);
      file = await encodeRing(ring);
    });

    it("default: any byte that is another is told as damage", async () => {
      for (const index of file.keys()) {
        const flip = 1 + ((index * 31) % 255);
        const altered = file.map((byte, at) => (at === index ? byte ^ flip : byte));
        await expect(decodeRing(altered), `byte ${index}`).rejects.toMatchObject({
          code: expect.stringMatching(/^(KEY_RING_DAMAGED|KEY_RING_VERSION_UNSUPPORTED)$/) as string,
        });
      }
    });

    it("behavior: it can be cut off or grow nowhere", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: file.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 20 }), async (end, more) => {
          await expect(decodeRing(file.slice(0, end))).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
          await expect(decodeRing(new Uint8Array([...file, ...more]))).rejects.toMatchObject({ code: "KEY_RING_DAMAGED" });
        }),
        { numRuns: runs(50) },
      );
    });

    it("behavior: who alters any part and writes a new checksum is refused too", async () => {
      const texts: ((edited: RingFile, change: (text: string) => string) => void)[] = [
        (edited, change) => (edited.mac = change(edited.mac)),
        (edited, change) => (edited.anchoredBy = change(edited.anchoredBy)),
        (edited, change) => (edited.keyFingerprints = edited.keyFingerprints.map(change)),
        (edited) => edited.keyFingerprints.push(keyFingerprint(new Uint8Array(32))),
        (edited) => edited.slots.pop(),
        (edited) => edited.slots.reverse(),
        (edited, change) => edited.slots.forEach((slot) => (slot.parameters = { name: change("test") })),
        (edited) => edited.slots.forEach((slot) => (slot.createdAtMs += 1)),
        ...[0, 1].flatMap((index) =>
          (["id", "publicKey", "anchor", "sealedKeys"] as const).map((field) => (edited: RingFile, change: (text: string) => string) => {
            const slot = edited.slots[index];
            if (slot) slot[field] = change(slot[field]);
          }),
        ),
      ];
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...texts), fc.nat(), async (edit, at) => {
          const edited = structuredClone(ring);
          edit(edited, (text) => replaceLetter(text, at % text.length));
          expect(await outcomeOf(await encodeRing(edited), secret)).toSatisfy(
            (outcome) => outcome === "KEY_RING_DAMAGED" || outcome === "SECRET_WRONG",
          );
        }),
        { numRuns: runs(150) },
      );
      expect(await outcomeOf(file, secret)).toEqual([key]);
    });
  });
});

describe("a ring's operations", () => {
  type Step = "addSlot" | "removeOldest" | "rotate" | "renew" | "newDevice";
  const steps = fc.array(fc.constantFrom<Step>("addSlot", "addSlot", "removeOldest", "rotate", "renew", "newDevice"), {
    minLength: 3,
    maxLength: 12,
  });

  it("default: in any order, each slot that is there opens all keys that ever were, and no removed one opens", async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (order) => {
        const store = memoryStore();
        let ring = keyRing({ store, cache: memoryKeys() });
        const live: { id: string; slotKey: SlotKey }[] = [];
        const removed: SlotKey[] = [];
        let keyCount = 1;
        let count = 0;
        const nextSlot = () => custom(memoryVault(`vault-${count++}`));
        const first = nextSlot();
        live.push({ slotKey: first, id: (await ring.addSlot(first)).id });

        const run: Record<Step, () => Promise<void>> = {
          async addSlot() {
            const slotKey = nextSlot();
            live.push({ slotKey, id: (await ring.addSlot(slotKey)).id });
          },
          async removeOldest() {
            const oldest = live.length > 1 ? live.shift() : undefined;
            if (!oldest) return;
            await ring.removeSlot(oldest.id);
            removed.push(oldest.slotKey);
          },
          async rotate() {
            await ring.rotate();
            keyCount++;
          },
          async renew() {
            const slotKey = nextSlot();
            const { id } = await ring.renew(slotKey);
            removed.push(...live.splice(0).map((each) => each.slotKey));
            live.push({ slotKey, id });
            keyCount++;
          },
          async newDevice() {
            ring = keyRing({ store, cache: memoryKeys() });
            const [{ slotKey } = { slotKey: first }] = live;
            await ring.open(slotKey);
          },
        };
        for (const step of order) await run[step]();

        const keys = await ring.load();
        expect(keys).toHaveLength(keyCount);
        expect((await ring.inspect()).slots.map(({ id }) => id)).toEqual(live.map(({ id }) => id));
        for (const { slotKey } of live) {
          const device = keyRing({ store });
          await device.open(slotKey);
          expect(await device.load()).toEqual(keys);
        }
        for (const slotKey of removed) await expect(keyRing({ store }).open(slotKey)).rejects.toMatchObject({ code: "SECRET_WRONG" });
      }),
      { numRuns: runs(40) },
    );
  });
});

/** The text with another letter at one place, of those that base64 and hex have. */
function replaceLetter(text: string, at: number): string {
  return text.slice(0, at) + (text[at] === "a" ? "b" : "a") + text.slice(at + 1);
}
