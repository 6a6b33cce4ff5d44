import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TextlintRuleModule } from "@textlint/kernel";
import type { ProseKind } from "./proseFiles.ts";
import { commentsOf, type SourceProse, stringsOf } from "./proseOfSource.ts";
import { rulesOfComments, rulesOfMessages, rulesOfPages } from "./rules.ts";
import { runRules } from "./runRules.ts";

export type ProseProblem = { line: number; rule: string; message: string };
type Rules = Readonly<Record<string, TextlintRuleModule>>;

/** Reports what is not plain English in one file. */
export async function lintProse(root: string, path: string, kind: ProseKind, rules?: Rules): Promise<ProseProblem[]> {
  const text = await readFile(join(root, path), "utf8");
  if (kind === "page") return lint({ text }, rules ?? rulesOfPages);
  const strings = await lint(stringsOf(text, path), rules ?? (kind === "catalogue" ? rulesOfPages : rulesOfMessages));
  const comments = await lint(commentsOf(text, path), rules ?? rulesOfComments);
  return [...strings, ...comments].sort((left, right) => left.line - right.line);
}

async function lint({ text, lines }: { text: string; lines?: SourceProse["lines"] }, rules: Rules): Promise<ProseProblem[]> {
  const messages = await runRules(text, rules);
  return messages.map(({ line, ruleId, message }) => ({ line: lines?.[line - 1] ?? line, rule: ruleId, message }));
}
