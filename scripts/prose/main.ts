// The part of `npm run lint` that reads prose: pages, texts that users read, comments. With files: these alone.
import { relative, resolve } from "node:path";
import { root } from "../packages/readPackages.ts";
import { lintProse } from "./lintProse.ts";
import { proseFiles } from "./proseFiles.ts";

const named = new Set(process.argv.slice(2).map((file) => relative(root, resolve(file)).replaceAll("\\", "/")));
const all = proseFiles(root);
const files = named.size > 0 ? all.filter(({ path }) => named.has(path)) : all;
const report: string[] = [];

for (const { path, kind } of files) {
  const problems = await lintProse(root, path, kind);
  report.push(...problems.map(({ line, rule, message }) => `${path}:${line}  ${rule}  ${message}`));
}

for (const line of report) process.stdout.write(`${line}\n`);
process.stdout.write(`prose: ${files.length} files, ${report.length} problems\n`);
process.exitCode = report.length > 0 ? 1 : 0;
