// npm run bench -- <names | all> [options]: runs benches and says whether every case meets its target.
import { parseArgs } from "node:util";
import { benches, loadBench } from "./benches.ts";
import { createContext } from "./shared/context.ts";
import { describeMachine } from "./shared/machine.ts";
import { watchMachine } from "./shared/machineUse.ts";
import type { Result } from "./shared/result.ts";
import { resultLine } from "./shared/resultLine.ts";
import { type BenchResults, writeMarkdown } from "./shared/writeMarkdown.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    markdown: { type: "boolean", default: false },
    quick: { type: "boolean", default: false },
    scale: { type: "string", default: "1" },
  },
});
const known = Object.keys(benches);
const isAll = positionals.includes("all");
const names = known.filter((name) => (isAll || positionals.includes(name)) && !(values.quick && benches[name]?.isLong));
const scale = Number(values.scale);
if (names.length === 0 || positionals.some((name) => name !== "all" && !known.includes(name)) || !(scale > 0 && scale <= 1)) {
  process.stderr.write(`npm run bench -- ${["all", ...known].join(" | ")} [several] [options]

  --json       one object with the machine and all results
  --markdown   writes bench/results.md too, with the benches of this run
  --quick      leaves out what needs 300,000 messages, and so all of large
  --scale 0.02 makes clients and archives smaller, to try a bench out: its figures mean nothing
`);
  process.exit(2);
}
if (values.markdown && scale !== 1) {
  process.stderr.write("The figures of a smaller scale mean nothing, and stay out of bench/results.md.\n");
  process.exit(2);
}

const note = (line: string) => process.stderr.write(`${line}\n`);
const machine = describeMachine();
const context = createContext({ note, isQuick: values.quick, scale });
// Databases in memory would stay there.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void context.dispose().finally(() => process.exit(130)));
const startMs = performance.now();
const all: BenchResults[] = [];
try {
  for (const name of names) {
    const { about } = benches[name]!;
    note(`${name}: ${about}`);
    const run = await loadBench(name);
    const results: Result[] = [];
    const watch = watchMachine();
    for await (const measured of run(context)) {
      const result = { machine: watch.read(), ...measured };
      results.push(result);
      if (!values.json) process.stdout.write(`${resultLine(result)}\n`);
    }
    all.push({ name, about, results });
  }
} finally {
  await context.dispose();
}
const minutes = Number(((performance.now() - startMs) / 60_000).toFixed(1));
const results = all.flatMap((each) => each.results);
note(`${minutes} minutes`);
if (values.json) {
  const byName = Object.fromEntries(results.map(({ name, ...rest }) => [name, rest]));
  process.stdout.write(`${JSON.stringify({ machine: { ...machine, minutes }, results: byName })}\n`);
}
if (values.markdown) await writeMarkdown({ machine, minutes, command: `npm run bench -- ${process.argv.slice(2).join(" ")}` }, all);
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;
