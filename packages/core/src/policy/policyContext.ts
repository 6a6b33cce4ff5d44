import type { FullPolicy } from "./rules/backupPolicy.ts";
import type { RunningBackup } from "./rules/policyChanges.ts";
import type { PolicyMemory } from "./rules/policyMemory.ts";
import type { PolicyState } from "./rules/policyState.ts";

/** What the policy machine knows. */
export type PolicyContext = {
  policy: FullPolicy;
  /** Absent until the first look. */
  state?: PolicyState;
  /** The backup that runs, whoever began it. */
  running?: RunningBackup | undefined;
  isTaskRunning: boolean;
  /** How the machine came to look: by a timer, or after a sleep. */
  wait?: { delayMs: number } | undefined;
  woke: boolean;
};

/** A change of what is known and decided; none before the first look. */
export const change = (context: PolicyContext, by: (state: PolicyState) => PolicyState) => ({
  ...(context.state && { state: by(context.state) }),
});
export const changeMemory = (context: PolicyContext, by: (memory: PolicyMemory, state: PolicyState) => PolicyMemory) =>
  change(context, (state) => ({ ...state, memory: by(state.memory, state) }));

/** The archive that is due for verification. */
export const verifiedId = ({ state }: PolicyContext) => (state?.verification.action === "verify" ? state.verification.id : undefined);
