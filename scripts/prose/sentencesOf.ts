import { maskCode } from "./maskCode.ts";
import type { TxtNode } from "./txtNode.ts";

export type Sentence = {
  /** With code and links masked. */
  text: string;
  /** Where it begins, within the node. */
  start: number;
  words: number;
};

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
/** A heading's mark, and a label before the text as in “**What happened**: …”, are no part of the sentence. */
const label = /^(?:\s*\*\*[^*]+\*\*:|#+ )/u;
/** They end no sentence. */
const abbreviations = /\b(?:e\.g\.|i\.e\.|vs\.|approx\.)/giu;

/** The sentences of a paragraph, a table's cell or a heading. */
export function sentencesOf(node: TxtNode): Sentence[] {
  const text = maskCode(node)
    .replace(label, (found) => " ".repeat(found.length))
    .replace(abbreviations, (found) => found.replaceAll(".", "x"));
  return [...segmenter.segment(text)].map(({ segment, index }) => {
    const trimmed = segment.trimStart();
    return { text: trimmed.trimEnd(), start: index + segment.length - trimmed.length, words: countWords(segment) };
  });
}

/** Counts what has a letter or a digit in it. */
export function countWords(text: string): number {
  return text.split(/\s+/u).filter((token) => /[\p{L}\p{N}]/u.test(token)).length;
}
