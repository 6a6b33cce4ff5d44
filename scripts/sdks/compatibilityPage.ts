import { readFileSync, writeFileSync } from "node:fs";
import { type Compatibility, toTables } from "./compatibility.ts";

const path = new URL("../../docs/compatibility.md", import.meta.url);
const begin = "<!-- What follows is written by `npm run test:sdks -- --write`. -->\n";
const end = "<!-- What came before is written by `npm run test:sdks -- --write`. -->\n";

/** The tables of the committed page. */
export function readTables(): string {
  const [, rest] = split(begin, readFileSync(path, "utf8"));
  return split(end, rest)[0];
}

/** Puts the tables into the page. */
export function writeTables(tested: Compatibility): void {
  const page = readFileSync(path, "utf8");
  const [before, rest] = split(begin, page);
  writeFileSync(path, before + begin + toTables(tested) + end + split(end, rest)[1]);
}

function split(mark: string, text: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`docs/compatibility.md lacks "${mark.trim()}"`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
