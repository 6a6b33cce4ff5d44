// `node scripts/prose/countProse.ts [root]`: how many sentences are long, and how many turns are banned, in each page, in texts and in sources.
import { root } from "../packages/readPackages.ts";
import { lintProse } from "./lintProse.ts";
import { proseFiles } from "./proseFiles.ts";
import { headingTopic, plainTurns, sentenceLength, subjectFirst } from "./rules.ts";

const columns = {
  sentences: sentenceLength(0),
  over25: sentenceLength(25),
  over30: sentenceLength(30),
  turns: plainTurns,
  clauseFirst: subjectFirst,
  headings: headingTopic,
};
type Counts = Record<keyof typeof columns, number>;

const none = (): Counts => ({ sentences: 0, over25: 0, over30: 0, turns: 0, clauseFirst: 0, headings: 0 });
const rows = new Map<string, Counts>();
const from = process.argv[2] ?? root;

for (const { path, kind } of proseFiles(from)) {
  const names = [
    kind === "page" ? path : kind === "catalogue" ? "texts" : `sources of ${path.split("/").slice(0, 2).join("/")}`,
    `all: ${kind}s`,
  ];
  for (const { rule } of await lintProse(from, path, kind, columns)) {
    for (const name of names) {
      const counts = rows.get(name) ?? none();
      counts[rule as keyof Counts] += 1;
      rows.set(name, counts);
    }
  }
}
console.table(Object.fromEntries([...rows].sort(([left], [right]) => Number(left.startsWith("all")) - Number(right.startsWith("all")))));
