import type { Journal, Json } from "../ports/journal.ts";
import { bringingNote } from "./bringingNote.ts";
import type { BroughtPart } from "./broughtParts.ts";

/** Notes what is here before an import, so that the new messages can be reported after a kill too. */
export function writeBringing(journal: Journal, parts: readonly BroughtPart[]): Promise<void> {
  return bringingNote.write(journal, { parts: parts.map(plain) });
}

/** A part as plain JSON: times as texts. */
function plain({ ids, twinIds, wasHere, before, times, imported, expected }: BroughtPart): Json {
  return {
    ids: [...ids],
    twinIds: [...twinIds],
    wasHere,
    ...(before !== undefined && { before }),
    ...(times && { times: plainTimes(times) }),
    ...(imported !== undefined && { imported }),
    ...(expected && { expected: { ...plainTimes(expected), earlier: expected.earlier, later: expected.later } }),
  };
}

function plainTimes({ firstNs, lastNs }: { firstNs: bigint; lastNs: bigint }): { firstNs: string; lastNs: string } {
  return { firstNs: String(firstNs), lastNs: String(lastNs) };
}

/** What was here before an import that was not reported yet. */
export async function readBringing(journal: Journal): Promise<BroughtPart[] | undefined> {
  const note = await bringingNote.read(journal);
  return note?.parts.flatMap((part) => toPart(part) ?? []);
}

export function removeBringing(journal: Journal): Promise<void> {
  return bringingNote.remove(journal);
}

/** A part that other code wrote is ignored. */
function toPart(noted: unknown): BroughtPart | undefined {
  const { ids, twinIds, wasHere, before, times, imported, expected } = (noted ?? {}) as Partial<Record<keyof BroughtPart, unknown>>;
  if (!areIds(ids) || !areIds(twinIds) || typeof wasHere !== "boolean" || (before !== undefined && !isCount(before))) return undefined;
  const [range, places] = [toTimes(times), toTimes(expected)];
  const { earlier, later } = (expected ?? {}) as { earlier?: unknown; later?: unknown };
  return {
    ids,
    twinIds,
    wasHere,
    ...(before !== undefined && { before }),
    ...(range && { times: range }),
    ...(isCount(imported) && { imported }),
    ...(places && isCount(earlier) && isCount(later) && { expected: { ...places, earlier, later } }),
  };
}

function toTimes(noted: unknown): { firstNs: bigint; lastNs: bigint } | undefined {
  const { firstNs, lastNs } = (noted ?? {}) as { firstNs?: unknown; lastNs?: unknown };
  return isTime(firstNs) && isTime(lastNs) ? { firstNs: BigInt(firstNs), lastNs: BigInt(lastNs) } : undefined;
}

function isTime(value: unknown): value is string {
  return typeof value === "string" && /^-?\d{1,19}$/.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === "string");
}
