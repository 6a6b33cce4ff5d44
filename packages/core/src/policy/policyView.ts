import type { PolicyState } from "./rules/policyState.ts";

/** What the policy tells: its state once it has looked, and whether it is at work or stands back for a task. */
export type PolicyView = {
  state?: PolicyState | undefined;
  isBusy: boolean;
  /** It runs, from `start` to `stop`. @default false */
  isStarted?: boolean;
};
