import { fromRecoveryPhrase } from "./fromRecoveryPhrase.ts";
import { isRecoveryWord, phraseWords, wordsIn } from "./recoveryWords.ts";
import { suggestWords } from "./suggestWords.ts";

/** One word of a phrase that is being entered. */
export type PhraseWord = {
  word: string;
  /** Whether it is a word of the list. */
  isKnown: boolean;
  /** For one that is not: what may have been meant, likeliest first. */
  suggestions: string[];
};

/** A phrase while it is being entered. */
export type PhraseReading = {
  words: PhraseWord[];
  /** How many words are still to come; negative when there are too many. */
  missing: number;
  /** Whether it has all of its words and their checksum is right, so that it can be tried. */
  isSound: boolean;
};

/**
 * Reads a recovery phrase while a person types it: which words are misspelt, and what they may have been.
 *
 * Hold the answer no longer than the form shows it: it has the words in it.
 *
 * @example
 * ```ts
 * import { readPhrase } from "@xmtp-backup/keys";
 *
 * const { words, missing } = readPhrase("1. abandon 2. abandn");
 * console.log(words[1]?.suggestions, missing); // ["abandon"] 22
 * ```
 */
export function readPhrase(typed: string): PhraseReading {
  const words = wordsIn(typed).map((word) => {
    const isKnown = isRecoveryWord(word);
    return { word, isKnown, suggestions: isKnown ? [] : suggestWords(word) };
  });
  return { words, missing: phraseWords - words.length, isSound: isSound(typed) };
}

function isSound(typed: string): boolean {
  try {
    fromRecoveryPhrase(typed).fill(0);
    return true;
  } catch {
    return false;
  }
}
