import type { ImportedMessages } from "./imported.ts";
import type { Host } from "../ports/host.ts";
import type { BroughtPart } from "./broughtParts.ts";
import { countEach } from "../ports/countEach.ts";
import { countBetween, rangeOf } from "./lookBefore.ts";
import { type CountBetween, findTimes, holds } from "./newTimes.ts";

type Options = {
  signal: AbortSignal;
  /** The ids that the client lists now. */
  listedIds: ReadonlySet<string>;
  /** What was counted already, in the range of each part, by one of its ids. @default nothing */
  counts?: ReadonlyMap<string, number>;
};

/** What the parts hold now that they did not hold before; a part that can't be counted is left out. */
export async function findBrought(
  host: Host,
  parts: readonly BroughtPart[],
  { signal, listedIds, counts = new Map() }: Options,
): Promise<ImportedMessages[]> {
  const byId = new Map<string, BroughtPart>();
  for (const part of parts) {
    const id = part.ids.find((each) => listedIds.has(each));
    if (id !== undefined && part.before !== undefined) byId.set(id, part);
  }
  const open = [...byId].flatMap(([id, { ids }]) => (ids.length === 1 && counts.has(id) ? [] : [id]));
  const counted = await countEach(host, open, (id) => rangeOf(byId.get(id)), { signal });
  const brought: ImportedMessages[] = [];
  for (const [id, part] of byId) {
    const now = counted.get(id) ?? counts.get(id);
    if (now === undefined) continue;
    const messages = Math.max(0, now - (part.before ?? 0));
    if (messages === 0 && part.wasHere) continue;
    brought.push({
      id: await listedIdOf(host, id, part, signal),
      importedIds: part.ids,
      ...(!part.wasHere && { isNew: true }),
      messages,
      ...(messages > 0 && (await timesOf(host, id, part, now, signal))),
    });
  }
  return brought;
}

/** Only where there are several DMs with a person the list may show another one. */
async function listedIdOf(host: Host, id: string, { ids, twinIds }: BroughtPart, signal: AbortSignal): Promise<string> {
  return ids.length + twinIds.length > 1 ? host.listedIdOf(id, { signal }) : id;
}

async function timesOf(
  host: Host,
  id: string,
  part: BroughtPart,
  now: number,
  signal: AbortSignal,
): Promise<Pick<ImportedMessages, "firstMessageNs" | "lastMessageNs">> {
  const { firstNs, lastNs } = await newTimes(part, now, countBetween(host, id, signal));
  return { firstMessageNs: firstNs, lastMessageNs: lastNs };
}

/** Where nothing tells it more exactly, the time of all that was imported, or of all that is there. */
async function newTimes(
  { times, imported = 0, before = 0, expected }: BroughtPart,
  now: number,
  count: CountBetween,
): Promise<{ firstNs: bigint; lastNs: bigint }> {
  if (!times) return findTimes(now, count);
  if (before === 0) return now < imported ? findTimes(now, count, times) : times;
  return expected && (await holds(expected, times.firstNs, now, count)) ? expected : times;
}
