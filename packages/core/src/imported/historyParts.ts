import type { HostConversation } from "../ports/hostConversation.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Host, MessageRange } from "../ports/host.ts";
import type { BroughtPart } from "./broughtParts.ts";
import { countEach } from "../ports/countEach.ts";
import { stitchedDms } from "../ports/stitchedDms.ts";

/** How many messages each conversation has, by its id; absent where they could not be counted. */
export type Here = ReadonlyMap<string, number | undefined>;

/** Counts what is here before history comes in that nobody can look into: of stitched DMs each has the messages of all. */
export async function countHere(
  host: Host,
  listed: readonly HostConversation[],
  { signal = new AbortController().signal, range = {} }: CallOptions & { range?: MessageRange } = {},
): Promise<Here> {
  const stitched = stitchedDms(listed);
  const counts = await countEach(
    host,
    listed.flatMap(({ id }) => (stitched.has(id) ? [] : [id])),
    range,
    { signal },
  );
  return new Map(listed.map(({ id }) => [id, counts.get(stitched.get(id) ?? id)]));
}

/** The conversations as the user sees them now, beside what was here of them. */
export function partsSince(here: Here, listed: readonly HostConversation[]): BroughtPart[] {
  const stitched = stitchedDms(listed);
  const grouped = new Map<string, string[]>();
  for (const { id } of listed) grouped.set(stitched.get(id) ?? id, [...(grouped.get(stitched.get(id) ?? id) ?? []), id]);
  return [...grouped.values()].map((all) => {
    const [known] = all.filter((id) => here.has(id));
    const added = all.filter((id) => !here.has(id));
    const ids = added.length > 0 ? added : all;
    return {
      ids,
      twinIds: all.filter((id) => !ids.includes(id)),
      wasHere: known !== undefined,
      before: known === undefined ? 0 : here.get(known),
    };
  });
}
