import { describe, expect, it } from "vitest";
import { askForWords } from "./askForWords.ts";
import { generateRecoveryPhrase } from "./generateRecoveryPhrase.ts";
import { readPhrase } from "./readPhrase.ts";
import { suggestWords } from "./suggestWords.ts";

describe("suggestWords", () => {
  it("default: what begins so, then what is a slip or two away", () => {
    expect(suggestWords("abandn")).toEqual(["abandon"]);
    expect(suggestWords("Zeb")).toEqual(["zebra", "web"]);
    expect(suggestWords("wrold")[0]).toBe("world");
    expect(suggestWords("act")).toEqual(["act", "action", "actor", "actress", "actual"]);
  });

  it("parameters: limit and what is no word", () => {
    expect(suggestWords("a", 2)).toHaveLength(2);
    expect(suggestWords("123")).toEqual([]);
    expect(suggestWords("xxxxxxxxx")).toEqual([]);
  });
});

describe("readPhrase", () => {
  it("default: a sound phrase", () => {
    const phrase = generateRecoveryPhrase();
    const reading = readPhrase(phrase.toUpperCase());
    expect(reading).toMatchObject({ missing: 0, isSound: true });
    expect(reading.words.map(({ word }) => word).join(" ")).toBe(phrase);
  });

  it("behavior: a misspelt word has suggestions, and corrected by them the phrase is sound", () => {
    const phrase = `${"abandon ".repeat(23)}art`;
    const reading = readPhrase(phrase.replace("abandon", "abandom").replace("art", "artt"));
    expect(reading.isSound).toBe(false);
    expect(reading.words.filter(({ isKnown }) => !isKnown).map(({ word }) => word)).toEqual(["abandom", "artt"]);
    const corrected = reading.words.map(({ word, suggestions }) => suggestions[0] ?? word).join(" ");
    expect(corrected).toBe(phrase);
    expect(readPhrase(corrected).isSound).toBe(true);
  });

  it("behavior: counts what is missing or too much", () => {
    expect(readPhrase("")).toEqual({ words: [], missing: 24, isSound: false });
    expect(readPhrase("zoo ".repeat(25)).missing).toBe(-1);
  });
});

describe("askForWords", () => {
  it("default: three words in order, and only they are right", () => {
    const words = generateRecoveryPhrase().split(" ");
    const { positions, isRight } = askForWords(words.join(" "));
    expect(positions).toHaveLength(3);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    const answers = positions.map((position) => words[position - 1] ?? "");
    expect(isRight(answers.map((word) => ` ${word.toUpperCase()} `))).toBe(true);
    expect(isRight(answers.with(1, "nothing"))).toBe(false);
    expect(isRight(answers.slice(1))).toBe(false);
    expect(isRight([...answers, "zoo"])).toBe(false);
  });

  it("parameters: count", () => {
    const phrase = generateRecoveryPhrase();
    expect(askForWords(phrase, 30).positions).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    expect(askForWords(phrase, 0).positions).toHaveLength(1);
  });

  it("behavior: asks for all positions in the long run", () => {
    const phrase = generateRecoveryPhrase();
    const asked = new Set(Array.from({ length: 200 }, () => askForWords(phrase).positions).flat());
    expect(asked.size).toBe(24);
  });
});
