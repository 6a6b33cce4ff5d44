import type { ArchiveEntry, BackupPolicy, RetentionDecision } from "@xmtp-backup/core";
import { useBackups } from "@xmtp-backup/react";
import { useEffect, useState } from "react";

const none: ReadonlyMap<string, RetentionDecision> = new Map();

/** What becomes of each of these archives under such rules, by id; looked up again when either changes. */
export function useRetention(
  keep: BackupPolicy["keep"],
  archives: readonly ArchiveEntry[] | undefined,
): ReadonlyMap<string, RetentionDecision> {
  const backups = useBackups();
  const [plan, setPlan] = useState(none);
  const rules = JSON.stringify(keep);
  useEffect(() => {
    const controller = new AbortController();
    backups.planRetention(JSON.parse(rules) as BackupPolicy["keep"], { signal: controller.signal }).then(
      (decisions) => setPlan(new Map(decisions.map((decision) => [decision.id, decision]))),
      () => controller.signal.aborted || setPlan(none),
    );
    return () => controller.abort();
  }, [backups, rules, archives]);
  return plan;
}
