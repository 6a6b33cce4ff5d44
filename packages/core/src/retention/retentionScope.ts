import type { Keep } from "./rules/keep.ts";
import type { RetentionScope } from "./rules/planRetention.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { HostIdentity } from "../ports/host.ts";
import { readAccepted } from "./acceptedNote.ts";
import { currentInstallations } from "../archives/currentInstallations.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { readDamaged } from "./damagedNote.ts";

/** What of a policy says which archives stay. */
export type RetentionPolicy = {
  keep: Keep;
  /** @default the user's */
  timeZone?: string | undefined;
};

/**
 * For whom archives are pruned: this installation of this inbox, and those that are in it no more. The calendar is that of the policy's
 * zone or the user's. Unknown facts are absent, and remove nothing.
 */
export async function retentionScope(
  dependencies: Dependencies,
  { inboxId, installationId, network }: HostIdentity,
  timeZone: string | undefined,
  options: CallOptions,
): Promise<RetentionScope> {
  const { clock, journal, steadyMs } = dependencies;
  const [currentInstallationIds, accepted, damaged] = await Promise.all([
    currentInstallations(dependencies, options),
    readAccepted(journal, options),
    readDamaged(journal, options),
  ]);
  return {
    nowMs: clock.now(),
    timeZone: timeZone ?? clock.timeZone(),
    inboxId,
    network,
    installationIds: [installationId],
    currentInstallationIds,
    accepted,
    damagedIds: damaged ? [damaged.id] : [],
    steadyMs: steadyMs?.(),
  };
}
