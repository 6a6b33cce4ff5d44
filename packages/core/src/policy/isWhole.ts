import type { ArchiveDetails } from "../model/archiveEntry.ts";
import { allElements, type Element } from "../model/element.ts";
import { isComplete } from "./isComplete.ts";

/** Whether a backup is of everything, so that the schedule may count on it. */
export function isWhole({ elements, startNs, endNs }: { elements: readonly Element[]; startNs?: bigint; endNs?: bigint }): boolean {
  return startNs === undefined && endNs === undefined && allElements.every((element) => elements.includes(element));
}

/** How much an archive was asked to hold: messages of all time, those of a part of the time, or none. */
export type Extent = "history" | "part" | "none";

/** Says how much an archive was asked to hold; one that holds less never takes the place of one that holds more. */
export function extentOf({ elements, startNs, endNs }: Pick<ArchiveDetails, "elements" | "startNs" | "endNs">): Extent {
  if (!elements.includes("messages")) return "none";
  return startNs === undefined && endNs === undefined ? "history" : "part";
}

/**
 * Why a stored archive is no whole one that the rules and the health may count on; undefined when it is.
 *
 * @param isDamaged - it was read back since, and found damaged or gone
 */
export function whyNotWhole(details: ArchiveDetails, isDamaged = false): string | undefined {
  if (isDamaged) return "it can't be read back";
  if (details.madeByRevoked) return "a revoked installation made it";
  const { elements } = details;
  if (!elements.includes("messages")) return "it holds no messages";
  if (!elements.includes("consent")) return "it holds no consent";
  if (details.startNs !== undefined || details.endNs !== undefined) return "it holds only a part of the time";
  if (details.withoutDisappearing) return "it holds no disappearing messages";
  if (!isComplete(details)) return "something is missing in it";
  return details.verifiedAtMs === undefined ? "it was never verified" : undefined;
}
