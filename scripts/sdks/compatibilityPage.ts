import { readFileSync, writeFileSync } from "node:fs";
import { type Compatibility, toTables } from "./compatibility.ts";

/** The pages that show what was tested. */
export const pages = ["docs/compatibility.md", "README.md"] as const;
type Page = (typeof pages)[number];

const begin = "<!-- What follows is written by `npm run test:sdks -- --write`. -->\n";
const end = "<!-- What came before is written by `npm run test:sdks -- --write`. -->\n";

/** The tables of a committed page. */
export function readTables(page: Page): string {
  return partsOf(page).tables;
}

/** Puts the tables into the pages. */
export function writeTables(tested: Compatibility): void {
  for (const page of pages) {
    const { before, after } = partsOf(page);
    writeFileSync(pathOf(page), before + begin + toTables(tested) + end + after);
  }
}

function partsOf(page: Page): { before: string; tables: string; after: string } {
  const [before, rest] = split(page, begin, readFileSync(pathOf(page), "utf8"));
  const [tables, after] = split(page, end, rest);
  return { before, tables, after };
}

function pathOf(page: Page): URL {
  return new URL(`../../${page}`, import.meta.url);
}

function split(page: Page, mark: string, text: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  if (at === -1) throw new Error(`${page} lacks "${mark.trim()}"`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
