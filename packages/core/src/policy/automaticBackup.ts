import type { AutomaticTrigger } from "../model/backupReason.ts";
import type { Element } from "../model/element.ts";
import type { FullPolicy } from "./policy.ts";

/** What a backup that the policy asks for is to hold, and what began it. */
export type AutomaticBackup = { trigger: AutomaticTrigger; elements: readonly Element[]; excludeDisappearingMessages?: boolean };

/** The options of a backup that the policy asks for, whoever begins it. */
export function automaticBackup({ elements, excludeDisappearingMessages }: Pick<FullPolicy, "elements" | "excludeDisappearingMessages">, trigger: AutomaticTrigger): AutomaticBackup {
  return { trigger, elements, ...(excludeDisappearingMessages && { excludeDisappearingMessages }) };
}
