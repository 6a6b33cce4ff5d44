import { globSync } from "node:fs";

const pages = ["docs/**/*.md", "*.md", ".changeset/*.md", ".github/*.md", "packages/*/README.md", "examples/*/README.md"];
/** Texts that users read. */
const catalogues = ["packages/core/src/texts/english/*.ts", "packages/core/src/errors/errorCodes.ts", "examples/messenger/src/words/*.ts"];
const sources = ["packages/*/src/**/*.{ts,tsx}", "examples/*/src/**/*.{ts,tsx}"];

export type ProseKind = "page" | "catalogue" | "source";

/** The files whose prose people read, by kind, with paths from `root`. */
export function proseFiles(root: string): { kind: ProseKind; path: string }[] {
  const found = (kind: ProseKind, globs: string[], isMeant: (path: string) => boolean = () => true) =>
    globSync(globs, { cwd: root })
      .map((path) => path.replaceAll("\\", "/"))
      .filter(isMeant)
      .sort()
      .map((path) => ({ kind, path }));
  const ofCatalogues = found("catalogue", catalogues);
  const isSource = (path: string): boolean => !/\.test\.tsx?$|\/gen\//u.test(path) && !ofCatalogues.some((each) => each.path === path);
  return [...found("page", pages), ...ofCatalogues, ...found("source", sources, isSource)];
}
