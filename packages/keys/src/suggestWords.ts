import { wordlist } from "@scure/bip39/wordlists/english.js";
import { distance } from "fastest-levenshtein";
import { wordsIn } from "./recoveryWords.ts";

/** More slips of the finger than that make another word. */
const maximumDistance = 2;

/**
 * The words of a recovery phrase that a person may have meant, likeliest first: those that begin so, then those that are one or
 * two slips away. A word of the list comes first itself.
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
  const beginning = wordlist.filter((each) => each.startsWith(word));
  const near = wordlist
    .map((each) => ({ each, slips: distance(word, each) }))
    .filter(({ each, slips }) => slips <= maximumDistance && !each.startsWith(word))
    .sort((a, b) => a.slips - b.slips);
  return [...beginning, ...near.map(({ each }) => each)].slice(0, limit);
}
