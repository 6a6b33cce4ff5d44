import type { ArchiveDetails } from "../../archives/archiveEntry.ts";
import { allElements, type Element } from "../../ports/element.ts";
import type { PartialReason } from "./partialReason.ts";
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
export function whyNotWhole(details: ArchiveDetails, isDamaged = false): PartialReason | undefined {
  if (isDamaged) return "damaged";
  if (details.madeByRevoked) return "ofRevoked";
  const { elements } = details;
  if (!elements.includes("messages")) return "noMessages";
  if (!elements.includes("consent")) return "noConsent";
  if (details.startNs !== undefined || details.endNs !== undefined) return "range";
  if (details.withoutDisappearing) return "noDisappearing";
  if (!isComplete(details)) return "incomplete";
  return details.verifiedAtMs === undefined ? "unverified" : undefined;
}
