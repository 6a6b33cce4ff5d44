/** The known name that is nearest to a wrong one; undefined when none looks like it. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  // At most a third of the letters may be wrong.
  let fewest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const each of known) {
    const edits = editsBetween(name.toLowerCase(), each.toLowerCase());
    if (edits < fewest) [best, fewest] = [each, edits];
  }
  return best;
}

/** How many letters are to be added, removed or replaced to make one word of the other. */
function editsBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[to.length]!;
}
