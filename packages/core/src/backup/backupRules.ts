import type { RetentionPolicy } from "../retention/retentionScope.ts";
import type { IncrementSettings } from "./rules/wantsIncrement.ts";

/** What of a policy a backup goes by. */
export type BackupRules = RetentionPolicy & {
  /** When it is an increment. */
  increments: Required<IncrementSettings> | false;
};
