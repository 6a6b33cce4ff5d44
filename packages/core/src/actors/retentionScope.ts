import type { Keep } from "../policy/keep.ts";
import type { RetentionScope } from "../policy/planRetention.ts";
import type { Clock } from "../ports/clock.ts";
import type { HostIdentity } from "../ports/host.ts";

/** What of a policy says which archives stay. */
export type RetentionPolicy = {
  keep: Keep;
  /** @default the user's */
  timeZone?: string | undefined;
};

/** For whom archives are pruned: this installation of this inbox only, on the calendar of the policy's zone or the user's. */
export function retentionScope(clock: Clock, { inboxId, installationId }: HostIdentity, timeZone = clock.timeZone()): RetentionScope {
  return { nowMs: clock.now(), timeZone, inboxId, installationIds: [installationId] };
}
