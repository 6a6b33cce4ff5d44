import type { ArchiveDetails } from "../../archives/archiveEntry.ts";
import type { HostIdentity } from "../../ports/host.ts";
import { isWhole } from "../../retention/rules/isWhole.ts";
import { addDuration, type Duration } from "../../time/duration.ts";

/**
 * Whether a whole backup may build on a stored archive: a whole one of this installation, whose counts are known, and whose oldest export
 * is not too old.
 *
 * @param freshEvery - how often everything is exported again
 */
export function canBuildOn(details: ArchiveDetails, identity: HostIdentity, freshEvery: Duration, nowMs: number): boolean {
  const { inboxId, installationId, network } = identity;
  const { freshAtMs, cutNs } = details;
  const isOwn = details.inboxId === inboxId && details.installationId === installationId && details.network === network;
  const isSound = !details.madeByRevoked && !details.withoutDisappearing && cutNs !== undefined;
  const isRecent = freshAtMs !== undefined && freshAtMs <= nowMs && nowMs < addDuration(freshAtMs, freshEvery, 1);
  return isOwn && isWhole(details) && isSound && isRecent;
}
