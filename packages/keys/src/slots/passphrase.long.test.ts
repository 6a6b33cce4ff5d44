import { argon2Sync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { passphraseStrength } from "./passphraseStrength.ts";
import { toBase64 } from "../util/bytes.ts";
import { passphrase } from "./passphrase.ts";
import type { LockedSlot, SlotKey } from "./slotKey.ts";

const cheap = { memoryKiB: 32, iterations: 3 };
const strong = "cleft cam synod lacy yr wok";

async function secretFor(slotKey: SlotKey, slot: LockedSlot): Promise<Uint8Array | undefined> {
  for await (const { secret } of slotKey.unlock([slot])) return secret;
  return undefined;
}

describe("passphrase", () => {
  it("default: the same passphrase gives the same secret, by the cost that the slot remembers", async () => {
    const { secret, parameters } = await passphrase(strong).create();
    expect(parameters).toMatchObject({ memoryKiB: 65_536, iterations: 3, parallelism: 1 });
    expect(await secretFor(passphrase(strong, { cost: cheap }), { id: "1", parameters })).toEqual(secret);
  });

  it("default: is Argon2id, as OpenSSL computes it", async () => {
    const salt = new TextEncoder().encode("somesaltsomesalt");
    const parameters = { salt: toBase64(salt), memoryKiB: 1_024, iterations: 2, parallelism: 2 };
    const expected = argon2Sync("argon2id", { message: "password", nonce: salt, memory: 1_024, passes: 2, parallelism: 2, tagLength: 32 });
    expect(await secretFor(passphrase("password"), { id: "1", parameters })).toEqual(new Uint8Array(expected));
  });

  it("behavior: spaces around it and composed letters don't matter; others do", async () => {
    const { secret, parameters } = await passphrase("Größe der Fähre", { insist: true, cost: cheap }).create();
    const again = (typed: string) => secretFor(passphrase(typed), { id: "1", parameters });
    expect(await again("\tGro\u0308ße der Fa\u0308hre \n")).toEqual(secret);
    expect(await again("größe der Fähre")).not.toEqual(secret);
    expect(await again("Größe  der Fähre")).not.toEqual(secret);
  });

  it("behavior: two slots of one passphrase have nothing in common", async () => {
    const slots = await Promise.all([0, 1].map(() => passphrase(strong, { cost: cheap }).create()));
    expect(slots[0]?.secret).not.toEqual(slots[1]?.secret);
    expect(slots[0]?.parameters).not.toEqual(slots[1]?.parameters);
  });

  it("behavior: a weak one is refused for a new slot, and says no more than how weak it is", async () => {
    for (const weak of ["", "   ", "password", "qwertyuiop", "12.03.1987", "aaaaaaaaaaaaaaaaaaaaaaaa"]) {
      const refusal = await passphrase(weak, { cost: cheap })
        .create()
        .catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: "PASSPHRASE_WEAK", retryable: false });
      if (weak.trim()) expect(String(refusal)).not.toContain(weak);
    }
  });

  it("parameters: insist: takes a weak one, but not none", async () => {
    await passphrase("1234", { insist: true, cost: cheap }).create();
    await expect(passphrase(" ", { insist: true, cost: cheap }).create()).rejects.toMatchObject({ code: "PASSPHRASE_WEAK" });
  });

  it("parameters: cost: what can't be computed is refused, and in a slot is damage", async () => {
    const { parameters } = await passphrase(strong, { cost: cheap }).create();
    for (const cost of [
      { memoryKiB: 7 },
      { memoryKiB: 2 ** 21 },
      { iterations: 0 },
      { iterations: 101 },
      { parallelism: 17 },
      { iterations: 1.5 },
    ]) {
      await expect(passphrase(strong, { cost: { ...cheap, ...cost } }).create()).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
      await expect(secretFor(passphrase(strong), { id: "1", parameters: { ...parameters, ...cost } })).rejects.toMatchObject({
        code: "KEY_RING_DAMAGED",
      });
    }
    for (const salt of ["", "AAAA", "?", 7]) {
      await expect(secretFor(passphrase(strong), { id: "1", parameters: { ...parameters, salt } })).rejects.toMatchObject({
        code: "KEY_RING_DAMAGED",
      });
    }
  });
});

describe("passphraseStrength", () => {
  it("default: words drawn by lot are strong; known passwords, rows of keys and dates are not", async () => {
    expect(await passphraseStrength(strong)).toMatchObject({ score: 4, isStrong: true });
    for (const weak of ["", "password1", "qwertyuiop", "2024-12-24", "abcabcabcabcabc"])
      expect((await passphraseStrength(weak)).isStrong).toBe(false);
  });

  it("parameters: userInputs: what others know of the user makes it weak", async () => {
    const typed = "alice.wonderland@example.com";
    const [unknown, known] = [await passphraseStrength(typed), await passphraseStrength(typed, [typed])];
    expect([unknown.isStrong, known.isStrong]).toEqual([true, false]);
    expect(known.guessesLog10).toBeLessThan(unknown.guessesLog10);
  });

  it("behavior: a very long one is judged at once", async () => {
    expect(await passphraseStrength("x".repeat(100_000))).toMatchObject({ isStrong: false });
  });
});
