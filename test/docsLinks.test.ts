import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../scripts/packages/readPackages.ts";
import { proseFiles } from "../scripts/prose/proseFiles.ts";

const pages = proseFiles(root).filter(({ kind }) => kind === "page");

/** Headings become anchors as GitHub makes them: a heading that occurs again gets a number. */
function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutCode(page).matchAll(/^#+ (.+)$/gmu)].map(([, heading = ""]) => {
    const anchor = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}

const withoutCode = (page: string): string => page.replaceAll(/^```[^]*?^```/gmu, "");

test.each(pages)("default: the links of $path lead to what is there", async ({ path }) => {
  const text = withoutCode(await readFile(join(root, path), "utf8"));
  const links = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/gu)].map(([, link, source]) => link ?? source ?? "");
  const broken: string[] = [];
  for (const link of links.filter((each) => !/^[a-z]+:/u.test(each))) {
    const [file = "", anchor] = link.split("#");
    const target = join(root, file === "" ? path : join(dirname(path), file));
    if (!existsSync(target)) broken.push(link);
    else if (anchor && target.endsWith(".md") && !anchorsOf(await readFile(target, "utf8")).includes(anchor)) broken.push(link);
  }
  expect(broken).toEqual([]);
});
