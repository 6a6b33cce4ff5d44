/**
 * How many messages an archive lacks of what the client counted, conversation by conversation.
 *
 * @param stitched which conversations are counted with another one @default none
 */
export function countMissing(
  counted: ReadonlyMap<string, number>,
  archived: readonly { id: string; messages: number }[],
  stitched: ReadonlyMap<string, string> = new Map(),
): number {
  const held = new Map<string, number>();
  for (const { id, messages } of archived) {
    const first = stitched.get(id) ?? id;
    held.set(first, (held.get(first) ?? 0) + messages);
  }
  let missing = 0;
  for (const [id, count] of counted) missing += Math.max(0, count - (held.get(id) ?? 0));
  return missing;
}
