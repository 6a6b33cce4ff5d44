import type { RetentionScope } from "../policy/planRetention.ts";
import type { Clock } from "../ports/clock.ts";
import type { HostIdentity } from "../ports/host.ts";

/** For whom archives are pruned: this installation of this inbox only, on the calendar of the device. */
export function retentionScope(clock: Clock, { inboxId, installationId }: HostIdentity): RetentionScope {
  return { nowMs: clock.now(), timeZone: clock.timeZone(), inboxId, installationIds: [installationId] };
}
