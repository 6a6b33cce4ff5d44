import type { AutomaticTrigger } from "./nextRunReason.ts";
import type { Element } from "../../ports/element.ts";
import type { FullPolicy } from "./backupPolicy.ts";

/** What a backup that the policy asks for is to hold, and what began it. */
export type AutomaticBackup = { trigger: AutomaticTrigger; elements: readonly Element[]; excludeDisappearingMessages?: boolean };

/** The options of a backup that the policy asks for, whoever begins it. */
export function automaticBackup(
  { elements, excludeDisappearingMessages }: Pick<FullPolicy, "elements" | "excludeDisappearingMessages">,
  trigger: AutomaticTrigger,
): AutomaticBackup {
  return { trigger, elements, ...(excludeDisappearingMessages && { excludeDisappearingMessages }) };
}
