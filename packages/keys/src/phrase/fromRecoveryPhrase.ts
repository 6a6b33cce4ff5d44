import { mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { BackupError } from "@xmtp-backup/core";
import { isRecoveryWord, phraseWords, wordsIn } from "./recoveryWords.ts";

/**
 * The archive key (32 bytes) of a recovery phrase, as a person types or pastes it. Any case fits, with numbers, commas or line breaks
 * between the words.
 *
 * @throws PHRASE_INVALID when it has not 24 words, when one is not of the list, or when the checksum says that one is wrong. The
 * message tells which, by their numbers; the words themselves are in no error.
 * @throws OPTIONS_INVALID when it is no text
 *
 * @example
 * ```ts
 * import type { KeyStore } from "@xmtp-backup/core";
 * import { fromRecoveryPhrase } from "@xmtp-backup/keys";
 *
 * const enter = (keys: KeyStore, typed: string) => keys.add(fromRecoveryPhrase(typed));
 * ```
 */
export function fromRecoveryPhrase(phrase: string): Uint8Array {
  const words = wordsIn(phrase);
  if (words.length !== phraseWords) {
    throw invalid(`A recovery phrase has ${phraseWords} words; this one has ${words.length}.`);
  }
  const unknownPositions = words.flatMap((word, index) => (isRecoveryWord(word) ? [] : [index + 1]));
  if (unknownPositions.length > 0) {
    throw invalid(
      `${spoken(unknownPositions)} of the recovery phrase ${unknownPositions.length === 1 ? "is" : "are"} not in the list of words.`,
    );
  }
  try {
    return mnemonicToEntropy(words.join(" "), wordlist);
  } catch {
    // The library's error is left out: a cause could be logged, and nobody promises that it holds no word.
    throw invalid("The words of the recovery phrase don't belong together: one is another than it was, or two have changed places.");
  }
}

function invalid(shortMessage: string): BackupError {
  return new BackupError("PHRASE_INVALID", shortMessage);
}

function spoken(positions: readonly number[]): string {
  return positions.length === 1 ? `Word ${positions[0]}` : `Words ${positions.slice(0, -1).join(", ")} and ${positions.at(-1)}`;
}
