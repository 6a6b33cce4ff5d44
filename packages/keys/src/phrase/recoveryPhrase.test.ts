import { BackupError, generateArchiveKey } from "@xmtp-backup/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromRecoveryPhrase } from "./fromRecoveryPhrase.ts";
import { toRecoveryPhrase } from "./toRecoveryPhrase.ts";

/** From the test vectors of BIP-39. */
const zeros = `${"abandon ".repeat(23)}art`;

function refusal(phrase: string): BackupError {
  try {
    fromRecoveryPhrase(phrase);
  } catch (error) {
    if (error instanceof BackupError) return error;
  }
  throw new Error("The phrase was taken.");
}

describe("recovery phrase", () => {
  it("default: a key and its 24 words are the same", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const phrase = toRecoveryPhrase(key);
        expect(phrase.split(" ")).toHaveLength(24);
        expect(fromRecoveryPhrase(phrase)).toEqual(key);
      }),
      { numRuns: 50 },
    );
  });

  it("default: is that of BIP-39", () => {
    expect(toRecoveryPhrase(new Uint8Array(32))).toBe(zeros);
    expect(toRecoveryPhrase(new Uint8Array(32).fill(0xff))).toBe(`${"zoo ".repeat(23)}vote`);
  });

  it("parameters: a phrase as people type and paste it", () => {
    const key = generateArchiveKey();
    const words = toRecoveryPhrase(key).split(" ");
    expect(fromRecoveryPhrase(words.map((word, index) => `${index + 1}. ${word.toUpperCase()},`).join("\r\n"))).toEqual(key);
    expect(fromRecoveryPhrase(`  ${words.join("   ")}\n`)).toEqual(key);
  });

  it("behavior: says how many words there are, and which is none, without telling a word", () => {
    expect(refusal("abandon art")).toMatchObject({
      code: "PHRASE_INVALID",
      shortMessage: "A recovery phrase has 24 words; this one has 2.",
    });
    expect(refusal("")).toMatchObject({ shortMessage: "A recovery phrase has 24 words; this one has 0." });
    const misspelt = refusal(zeros.replace("abandon", "abandn").replace("art", "arrt"));
    expect(misspelt).toMatchObject({
      shortMessage: "Words 1 and 24 of the recovery phrase are not in the list of words.",
      retryable: false,
    });
    expect(String(misspelt.stack)).not.toMatch(/aband|arrt/);
  });

  it("behavior: a word that is another, or has changed places, is found by the checksum", () => {
    const sound = toRecoveryPhrase(new Uint8Array(32).map((_, index) => index));
    const [first = "", second = "", ...rest] = sound.split(" ");
    expect(refusal([second, first, ...rest].join(" ")).message).toContain("changed places");
    expect(refusal(zeros.replace("art", "abandon"))).toMatchObject({ code: "PHRASE_INVALID", cause: undefined });
  });

  it("behavior: what is no key has no phrase", () => {
    expect(() => toRecoveryPhrase(new Uint8Array(16))).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
  });
});
