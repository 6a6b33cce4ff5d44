import type { AutomaticTrigger } from "./nextRunReason.ts";
import type { BackupPriority } from "../../ports/backupPriority.ts";
import type { Element } from "../../ports/element.ts";
import type { FullPolicy } from "./backupPolicy.ts";

/** What a backup that the policy asks for is to hold, and what began it. */
export type AutomaticBackup = {
  trigger: AutomaticTrigger;
  elements: readonly Element[];
  excludeDisappearingMessages?: boolean;
  priority?: BackupPriority;
};

/** The options of a backup that the policy asks for, whoever begins it. Before an event somebody waits for it, so that one is never slowed down. */
export function automaticBackup(
  { elements, excludeDisappearingMessages, priority }: Pick<FullPolicy, "elements" | "excludeDisappearingMessages" | "priority">,
  trigger: AutomaticTrigger,
): AutomaticBackup {
  return {
    trigger,
    elements,
    ...(excludeDisappearingMessages && { excludeDisappearingMessages }),
    ...(priority === "low" && trigger !== "event" && { priority }),
  };
}
