import type { RestoreOptions, RestoreSource, RestoreState, RestoreTask } from "@xmtp-backup/core";
import type { ShallowRef } from "vue";
import { useTask } from "./useTask.ts";

export type UseRestore = {
  /** The restore that runs, whoever began it, or else the last that this component saw. */
  task: Readonly<ShallowRef<RestoreTask | undefined>>;
  /** Its state. */
  state: Readonly<ShallowRef<RestoreState | undefined>>;
  /** Begins a restore, which goes on when the component is gone. */
  restore(source: RestoreSource, options?: RestoreOptions): RestoreTask;
  /** Goes on after `awaitingConfirmation`. */
  confirm(): void;
  /** Asks the restore to stop; resolves when it has ended. */
  cancel(): Promise<void>;
};

/**
 * Restores an archive and shows how far it is.
 *
 * @example
 * ```ts
 * import type { ArchiveEntry } from "@xmtp-backup/core";
 * import { useRestore } from "@xmtp-backup/vue";
 * import { defineComponent, h } from "vue";
 *
 * export const Restore = defineComponent(({ archive }: { archive: ArchiveEntry }) => {
 *   const { state, restore, confirm } = useRestore();
 *   const next = () => (state.value?.status === "awaitingConfirmation" ? confirm() : void restore(archive, { confirm: true }));
 *   return () => h("button", { onClick: next }, state.value?.status ?? "Restore");
 * }, { props: ["archive"] });
 * ```
 */
export function useRestore(): UseRestore {
  const { backups, task, state, show, cancel } = useTask<RestoreTask>("restore");
  return {
    task,
    state,
    restore: (source, options) => show(backups.restore(source, options)),
    confirm: () => task.value?.confirm(),
    cancel,
  };
}
