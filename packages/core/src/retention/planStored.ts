import type { ArchiveEntry } from "../archives/archiveEntry.ts";
import { planRetention, type RetentionDecision, type RetentionScope } from "./rules/planRetention.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { HostIdentity } from "../ports/host.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { type RetentionPolicy, retentionScope } from "./retentionScope.ts";
import { listStored } from "../archives/listArchives.ts";

/** What the rules say, of what, and for whom. */
export type StoredPlan = { entries: readonly ArchiveEntry[]; scope: RetentionScope; decisions: RetentionDecision[] };

/** What the rules say of every archive in the store now, newest first: pruning and its dry run ask the same. */
export async function planStored(
  dependencies: Dependencies,
  identity: HostIdentity,
  { keep, timeZone }: RetentionPolicy,
  options: CallOptions,
): Promise<StoredPlan> {
  const scope = await retentionScope(dependencies, identity, timeZone, options);
  const entries = await listStored(dependencies, options);
  return { entries, scope, decisions: planRetention(entries, keep, scope) };
}
