/** Plays every way once a round, in turns and each second round backwards: a slow moment of the machine falls on all of them. */
export async function takeTurns<Name extends string, T>(
  rounds: number,
  ways: Record<Name, () => Promise<T>>,
  note: (round: Record<Name, T>) => void = () => undefined,
): Promise<Record<Name, T>[]> {
  const names = Object.keys(ways) as Name[];
  const all: Record<Name, T>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const entries: [Name, T][] = [];
    for (const name of round % 2 === 0 ? names : [...names].reverse()) entries.push([name, await ways[name]()]);
    const played = Object.fromEntries(entries) as Record<Name, T>;
    note(played);
    all.push(played);
  }
  return all;
}
