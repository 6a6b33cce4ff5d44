import type { ArchiveEntry, BackupPolicy, RetentionDecision } from "@xmtp-backup/core";
import { useBackups } from "@xmtp-backup/vue";
import { type Ref, type ShallowRef, shallowRef, watch } from "vue";

type Plan = ReadonlyMap<string, RetentionDecision>;

const none: Plan = new Map();

/** What becomes of each of these archives under such rules, by id; looked up again when either changes. */
export function useRetention(
  keep: () => BackupPolicy["keep"],
  archives: Readonly<Ref<readonly ArchiveEntry[] | undefined>>,
): Readonly<ShallowRef<Plan>> {
  const backups = useBackups();
  const plan = shallowRef(none);
  watch(
    [() => JSON.stringify(keep()), archives],
    (_now, _before, onCleanup) => {
      const controller = new AbortController();
      onCleanup(() => controller.abort());
      backups.planRetention(keep(), { signal: controller.signal }).then(
        (decisions) => (plan.value = new Map(decisions.map((decision) => [decision.id, decision]))),
        () => controller.signal.aborted || (plan.value = none),
      );
    },
    { immediate: true },
  );
  return plan;
}
