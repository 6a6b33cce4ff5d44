import { BackupError } from "@xmtp-backup/core";
import { phraseWords, wordsIn } from "./recoveryWords.ts";

/** A question whose answer shows that a phrase was written down. */
export type PhraseQuestion = {
  /** Which words are asked for, counted from 1, in order. */
  positions: number[];
  /** Whether these are the words, in the order of `positions`. */
  isRight(answers: readonly string[]): boolean;
};

/**
 * Asks for some words of a phrase that was shown, each time others, before its slot is added.
 *
 * @param count - how many words. @default 3
 *
 * @throws OPTIONS_INVALID when the phrase is no text, or the count no number: of no words every answer would be right
 *
 * @example
 * ```ts
 * import { askForWords, generateRecoveryPhrase } from "@xmtp-backup/keys";
 *
 * const question = askForWords(generateRecoveryPhrase());
 * console.log(`Enter words ${question.positions.join(", ")}.`);
 * ```
 */
export function askForWords(phrase: string, count = 3): PhraseQuestion {
  if (!Number.isFinite(count)) throw new BackupError("OPTIONS_INVALID", "askForWords: the count of words is a number.");
  const words = wordsIn(phrase);
  const positions = drawPositions(Math.min(Math.max(count, 1), phraseWords));
  return {
    positions,
    isRight: (answers) =>
      answers.length === positions.length &&
      positions.every((position, index) => wordsIn(answers[index] ?? "").join(" ") === words[position - 1]),
  };
}

/** Positions by lot, the smallest first. */
function drawPositions(count: number): number[] {
  const lots = crypto.getRandomValues(new Uint32Array(phraseWords));
  const positions = Array.from({ length: phraseWords }, (_, index) => index + 1);
  return positions
    .sort((a, b) => (lots[a - 1] ?? 0) - (lots[b - 1] ?? 0))
    .slice(0, count)
    .sort((a, b) => a - b);
}
