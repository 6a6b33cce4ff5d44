/** Steps every item; the same array when every step gives its item back. */
export function mapChanged<T>(items: readonly T[], step: (item: T) => T): readonly T[] {
  let changed = false;
  const next = items.map((item) => {
    const after = step(item);
    if (after !== item) changed = true;
    return after;
  });
  return changed ? next : items;
}
