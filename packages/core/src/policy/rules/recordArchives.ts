import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import { isWhole } from "../../retention/rules/isWhole.ts";
import type { Observation } from "./observation.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { PolicyMemory } from "./policyMemory.ts";
import { recordSuccess } from "./recordOutcome.ts";

/**
 * What another process or tab of this installation backed up, or one that ended before it could note it, counts too.
 *
 * Only a whole archive does: of both elements, without a range, and with the messages that disappear unless the policy leaves them out.
 */
export function recordArchives(
  memory: PolicyMemory,
  { archives = [], inboxId, installationId, nowMs }: Observation,
  { excludeDisappearingMessages }: Pick<FullPolicy, "excludeDisappearingMessages">,
  timeZone: string,
): PolicyMemory {
  const holdsEnough = ({ details }: ArchiveEntry) => excludeDisappearingMessages || !details?.withoutDisappearing;
  const newest = archives.find(
    (archive) => archive.createdAtMs <= nowMs && isOwn(archive, inboxId, installationId) && holdsEnough(archive),
  );
  if (!newest || newest.createdAtMs <= Math.max(memory.lastSuccessMs ?? -Infinity, memory.failure?.lastAtMs ?? -Infinity)) return memory;
  return recordSuccess(memory, { startedAtMs: newest.createdAtMs, messages: 0, conversations: 0 }, timeZone);
}

function isOwn({ details }: ArchiveEntry, inboxId: string, installationId: string): boolean {
  return details?.inboxId === inboxId && details.installationId === installationId && isWhole(details);
}
