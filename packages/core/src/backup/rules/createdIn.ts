import type { MessageRange } from "../../ports/host.ts";
import { isWithin } from "./timeRanges.ts";

/** When conversations were created, and which of them can't be read. */
export type Created = { createdAtNs: ReadonlyMap<string, bigint>; broken: readonly { id?: string | undefined }[] };

/** The conversations whose records an export of the range writes. */
export function createdIn(range: MessageRange, { createdAtNs, broken }: Created): string[] {
  const unreadable = new Set(broken.map(({ id }) => id));
  return [...createdAtNs].flatMap(([id, timeNs]) => (isWithin(timeNs, range) && !unreadable.has(id) ? [id] : []));
}
