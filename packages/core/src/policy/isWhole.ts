import { allElements, type Element } from "../model/element.ts";

/** Whether a backup is of everything, so that the policy may count on it. */
export function isWhole({ elements, startNs, endNs }: { elements: readonly Element[]; startNs?: bigint; endNs?: bigint }): boolean {
  return startNs === undefined && endNs === undefined && allElements.every((element) => elements.includes(element));
}
