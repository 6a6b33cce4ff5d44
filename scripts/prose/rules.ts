import type { TextlintRuleModule } from "@textlint/kernel";
import { type BannedTurn, bannedTurns, headingAsQuestion, relativeClauseFirst } from "./bannedTurns.ts";
import { sentencesOf } from "./sentencesOf.ts";

/** Reports each sentence of more than `maxWords` words: in paragraphs, items of lists and cells of tables. */
export function sentenceLength(maxWords: number): TextlintRuleModule {
  return ({ report, RuleError, locator }) => {
    const check = (node: Parameters<typeof report>[0]): void => {
      for (const { text, start, words } of sentencesOf(node)) {
        if (words <= maxWords) continue;
        const message = `${words} words, at most ${maxWords}: “${text.slice(0, 60)}…”. Split the sentence.`;
        report(node, new RuleError(message, { padding: locator.at(start) }));
      }
    };
    return { Paragraph: check, TableCell: check };
  };
}

function turns(banned: readonly BannedTurn[], ...nodes: readonly string[]): TextlintRuleModule {
  return ({ report, RuleError, locator }) => {
    const check = (node: Parameters<typeof report>[0]): void => {
      for (const { text, start } of sentencesOf(node)) {
        for (const { name, pattern, instead } of banned) {
          const found = pattern.exec(text);
          if (!found) continue;
          const message = `${name}: “${found[0].trim()}”. ${instead}`;
          report(node, new RuleError(message, { padding: locator.at(start + found.index) }));
        }
      }
    };
    return Object.fromEntries(nodes.map((node) => [node, check]));
  };
}

export const plainTurns = turns(bannedTurns, "Paragraph", "TableCell", "Header");
/** Cells of tables may be clauses: their column asks the question. */
export const subjectFirst = turns([relativeClauseFirst], "Paragraph");
export const headingTopic = turns([headingAsQuestion], "Header");

/** Reports cells of tables that are too long to read in the page's source. */
export function cellLength(maxCharacters: number): TextlintRuleModule {
  return ({ report, RuleError, getSource }) => ({
    TableCell(node: Parameters<typeof report>[0]) {
      const { length } = getSource(node)
        .replace(/^\|/u, "")
        .replace(/\|\s*$/u, "")
        .trim();
      if (length > maxCharacters)
        report(node, new RuleError(`A cell of ${length} characters, at most ${maxCharacters}. Make it a section.`));
    },
  });
}

/** Pages, and texts that users read. */
export const rulesOfPages = {
  "sentence-length": sentenceLength(30),
  "plain-turns": plainTurns,
  "subject-first": subjectFirst,
  "heading-topic": headingTopic,
  "cell-length": cellLength(160),
} as const satisfies Record<string, TextlintRuleModule>;

/** Messages of sources: whole sentences, beside labels such as “what is listed”. */
const subjectFirstInSentences = turns(
  [{ ...relativeClauseFirst, pattern: /^(?:What|Who|Whoever|Whatever|Whom|Whose|Whichever|Which)\b[^?]*\.$/u }],
  "Paragraph",
);

/** A docstring often is a clause that names its thing (“What a host can do.”), so comments have no rule about the subject. */
export const rulesOfComments = {
  "sentence-length": sentenceLength(30),
  "plain-turns": plainTurns,
} as const satisfies Record<string, TextlintRuleModule>;

export const rulesOfMessages = { ...rulesOfComments, "subject-first": subjectFirstInSentences } as const satisfies Record<
  string,
  TextlintRuleModule
>;
