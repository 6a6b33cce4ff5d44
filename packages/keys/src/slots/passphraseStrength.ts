import { BackupError } from "@xmtp-backup/core";
import { assertTyped } from "../util/assertTyped.ts";

/** How hard a passphrase is to guess for who has a copy of the key ring. */
export type PassphraseStrength = {
  /** 0 to 4, for a meter. */
  score: 0 | 1 | 2 | 3 | 4;
  /** The number of guesses that find it, as a power of ten. */
  guessesLog10: number;
  /** Whether a new slot takes it without insisting. */
  isStrong: boolean;
};

/** With Argon2id at some tenths of a second a guess, 10^12 guesses are thousands of years of one computer, and years of thousands. */
const strongGuessesLog10 = 12;

/** Longer ones are judged by their beginning, since judging takes longer than their length. */
const judgedCharacters = 100;

/**
 * How strong a passphrase is, by the guesses that zxcvbn counts: known passwords, repetitions, keyboard rows, dates, sequences.
 *
 * The lists are loaded with the first call (some 240 kB, compressed). They know no ordinary words, so a saying or a line of
 * a song looks stronger than it is: offer words drawn by lot.
 *
 * @param userInputs - what others know of the user, such as names and addresses
 *
 * @throws OPTIONS_INVALID when the passphrase is no text, or `userInputs` no list of texts
 *
 * @example
 * ```ts
 * import { passphraseStrength } from "@xmtp-backup/keys";
 *
 * const { score, isStrong } = await passphraseStrength("correct horse battery staple", ["alice@example.com"]);
 * console.log(score, isStrong);
 * ```
 */
export async function passphraseStrength(text: string, userInputs: readonly string[] = []): Promise<PassphraseStrength> {
  assertTyped("A passphrase", text);
  if (!isTexts(userInputs)) throw new BackupError("OPTIONS_INVALID", "passphraseStrength: userInputs is a list of texts.");
  const zxcvbn = await (loading ??= load());
  const { score, guessesLog10 } = zxcvbn.check(text.normalize("NFKC").trim().slice(0, judgedCharacters), [...userInputs]);
  return { score, guessesLog10, isStrong: guessesLog10 >= strongGuessesLog10 };
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}

let loading: ReturnType<typeof load> | undefined;

async function load() {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
}
