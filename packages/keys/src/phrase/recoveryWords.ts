import { wordlist } from "@scure/bip39/wordlists/english.js";
import { assertTyped } from "../util/assertTyped.ts";

/** How many words a recovery phrase has. */
export const phraseWords = 24;

const known: ReadonlySet<string> = new Set(wordlist);

export function isRecoveryWord(word: string): boolean {
  return known.has(word);
}

/** The words of what a person typed or pasted: in any case, with numbers, commas or line breaks between them. @throws OPTIONS_INVALID when it is no text */
export function wordsIn(typed: string): string[] {
  assertTyped("A recovery phrase", typed);
  return (
    typed
      .normalize("NFKD")
      .toLowerCase()
      .match(/[a-z]+/g) ?? []
  );
}
