// npm run bench -- <name> [--json]: runs one bench and says whether every case meets its target.
import { readdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { Result } from "./result.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean", default: false } } });
const [name] = positionals;
// Each folder here is a bench, whose cases.ts runs it.
const benches = (await readdir(import.meta.dirname, { withFileTypes: true })).flatMap((each) => (each.isDirectory() ? each.name : []));

if (!name || !benches.includes(name)) {
  process.stderr.write(`Say which bench to run: npm run bench -- ${benches.join(" | ")} [--json]\n`);
  process.exit(2);
}

const { run } = (await import(`./${name}/cases.ts`)) as { run(note: (line: string) => void): AsyncIterable<Result> };
const results: Result[] = [];
for await (const result of run((line) => process.stderr.write(`${line}\n`))) {
  results.push(result);
  if (!values.json) process.stdout.write(`${line(result)}\n`);
}
if (values.json) {
  const byName = Object.fromEntries(results.map(({ name: each, ...rest }) => [each, rest]));
  process.stdout.write(`${JSON.stringify(byName)}\n`);
}
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

function line({ name: each, measured, target, unit, ok, reason }: Result): string {
  if (measured === null) return `✗ ${each.padEnd(62)} not measured: ${reason}`;
  const figure = `${each.padEnd(62)} ${String(measured).padStart(8)} ${unit.padEnd(6)}`;
  return target === null ? `  ${figure}` : `${ok ? "✓" : "✗"} ${figure} target ${target} ${unit}`;
}
