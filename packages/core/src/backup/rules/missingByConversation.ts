/**
 * How many messages an archive lacks of what the client counted, by conversation; those that lack none are left out.
 *
 * @param stitched which conversations are counted with another one @default none
 */
export function missingByConversation(
  counted: ReadonlyMap<string, number>,
  archived: readonly { id: string; messages: number }[],
  stitched: ReadonlyMap<string, string> = new Map(),
): Map<string, number> {
  const held = new Map<string, number>();
  for (const { id, messages } of archived) {
    const first = stitched.get(id) ?? id;
    held.set(first, (held.get(first) ?? 0) + messages);
  }
  const missing = new Map<string, number>();
  for (const [id, count] of counted) {
    const lacking = count - (held.get(id) ?? 0);
    if (lacking > 0) missing.set(id, lacking);
  }
  return missing;
}
