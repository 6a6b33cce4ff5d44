/** Files that are still to be rewritten. The lint fails for one that is clean, so that the list only shrinks. */
export const notYetClean: readonly string[] = [
  "AGENTS.md",
  "docs/architecture.md",
  "packages/archive/README.md",
];
