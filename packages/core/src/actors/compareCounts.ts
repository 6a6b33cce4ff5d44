/** How many messages an archive lacks of what the client counted, conversation by conversation. */
export function countMissing(counted: ReadonlyMap<string, number>, archived: readonly { id: string; messages: number }[]): number {
  const held = new Map(archived.map(({ id, messages }) => [id, messages]));
  let missing = 0;
  for (const [id, count] of counted) missing += Math.max(0, count - (held.get(id) ?? 0));
  return missing;
}
