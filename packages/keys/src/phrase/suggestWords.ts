import { wordlist } from "@scure/bip39/wordlists/english.js";
import { distance } from "fastest-levenshtein";
import { wordsIn } from "./recoveryWords.ts";

/**
 * The words of a recovery phrase that a person may have meant, likeliest first. Those that begin so come first, then those that are one
 * or two slips away. A word of the list comes first itself.
 *
 * @param limit - how many at most. @default 5
 *
 * @example
 * ```ts
 * import { suggestWords } from "@xmtp-backup/keys";
 *
 * console.log(suggestWords("abandn")[0]); // abandon
 * ```
 */
export function suggestWords(typed: string, limit = 5): string[] {
  const [word] = wordsIn(typed);
  if (word === undefined) return [];
  // Two slips make any other word of one that has four letters.
  const maximumSlips = word.length > 4 ? 2 : 1;
  // The first letter is seldom the wrong one.
  const beginsLike = (each: string) => each.startsWith(word.charAt(0));
  const beginning = wordlist.filter((each) => each.startsWith(word));
  const near = wordlist
    .map((each) => ({ each, slips: slipsBetween(word, each) }))
    .filter(({ each, slips }) => slips <= maximumSlips && !each.startsWith(word))
    .sort((a, b) => a.slips - b.slips || Number(beginsLike(b.each)) - Number(beginsLike(a.each)));
  return [...beginning, ...near.map(({ each }) => each)].slice(0, limit);
}

/** Letters that changed places are one slip. */
function slipsBetween(typed: string, word: string): number {
  return lettersOf(typed) === lettersOf(word) ? 1 : distance(typed, word);
}

function lettersOf(word: string): string {
  return [...word].sort().join("");
}
