import type { ArchiveEntry } from "../../archives/archiveEntry.ts";
import { isSameNetwork } from "../../ports/network.ts";
import type { Observation } from "./observation.ts";
import type { FullPolicy } from "./backupPolicy.ts";
import type { PolicyMemory } from "./policyMemory.ts";

type Wanted = Pick<FullPolicy, "elements" | "excludeDisappearingMessages">;
type Seen = Pick<Observation, "nowMs" | "inboxId" | "installationId" | "network" | "archives" | "keys" | "isEmpty">;

/**
 * Notes since when this installation has history and no archive that holds what the policy wants; the same memory while nothing changes.
 *
 * The unknown changes nothing: a store that can't be asked, or archives that another key may open.
 * `decideBackup` makes the first backup due by this note.
 *
 * @example
 * ```ts
 * import { normalizePolicy, type PolicyMemory, recordProtection } from "@xmtp-backup/core";
 *
 * function afterList(memory: PolicyMemory): PolicyMemory {
 *   const seen = { nowMs: Date.now(), inboxId: "inbox", installationId: "phone", archives: [] };
 *   return recordProtection(memory, seen, normalizePolicy({}));
 * }
 * ```
 */
export function recordProtection(memory: PolicyMemory, seen: Seen, wanted: Wanted): PolicyMemory {
  const isProtected = isProtectedNow(seen, wanted, memory.damage?.id);
  if (isProtected === undefined || isProtected === (memory.unprotectedSinceMs === undefined)) return memory;
  const { unprotectedSinceMs: _before, ...rest } = memory;
  return isProtected ? rest : { ...rest, unprotectedSinceMs: seen.nowMs };
}

/**
 * Whether an archive of this installation holds what the policy wants, or there is nothing to protect; undefined when nobody can tell.
 *
 * @param damagedId - an archive that can't be read back
 */
export function isProtectedNow(
  { archives, keys, isEmpty, ...owner }: Seen,
  wanted: Wanted,
  damagedId: string | undefined,
): boolean | undefined {
  if (!archives) return undefined;
  if (archives.some((archive) => archive.id !== damagedId && isOwn(archive, owner) && holdsWanted(archive, wanted))) return true;
  if (keys && keys.usable === 0 && !keys.mayBeMade && archives.length > 0) return undefined;
  return isEmpty === true;
}

function isOwn({ details }: ArchiveEntry, { inboxId, installationId, network }: Omit<Seen, "archives" | "keys" | "isEmpty">): boolean {
  return details?.inboxId === inboxId && details.installationId === installationId && isSameNetwork(details.network, network);
}

/**
 * Whether an archive was asked to hold what the policy's own backups are.
 *
 * One that lacks something counts: another backup would mostly lack the same, and the health says so.
 */
function holdsWanted({ details }: ArchiveEntry, { elements, excludeDisappearingMessages }: Wanted): boolean {
  if (!details || details.startNs !== undefined || details.endNs !== undefined) return false;
  if (details.withoutDisappearing && !excludeDisappearingMessages) return false;
  return elements.every((element) => details.elements.includes(element));
}
