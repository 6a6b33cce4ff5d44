/** Files that are still to be rewritten. The lint fails for one that is clean, so that the list only shrinks. */
// biome-ignore format: one a line, so that two changes do not meet
export const notYetClean: readonly string[] = [
  "docs/architecture.md",
];
