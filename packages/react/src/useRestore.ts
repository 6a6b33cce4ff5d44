import type { RestoreOptions, RestoreSource, RestoreState, RestoreTask } from "@xmtp-backup/core";
import { useCallback } from "react";
import { useTask } from "./useTask.ts";

export type UseRestore = {
  /** The restore that runs, whoever began it, or else the last that this component saw. */
  task: RestoreTask | undefined;
  /** Its state. */
  state: RestoreState | undefined;
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
 * ```tsx
 * import type { ArchiveEntry } from "@xmtp-backup/core";
 * import { useRestore } from "@xmtp-backup/react";
 *
 * function Restore({ archive }: { archive: ArchiveEntry }) {
 *   const { state, restore, confirm } = useRestore();
 *   if (state?.status === "awaitingConfirmation") return <button onClick={confirm}>Restore {state.preview.counts.messages} messages</button>;
 *   return <button onClick={() => void restore(archive, { confirm: true })}>{state?.status ?? "Restore"}</button>;
 * }
 * ```
 */
export function useRestore(): UseRestore {
  const { backups, task, state, show, cancel } = useTask<RestoreTask>("restore");
  const restore = useCallback((source: RestoreSource, options?: RestoreOptions) => show(backups.restore(source, options)), [backups, show]);
  const confirm = useCallback(() => task?.confirm(), [task]);
  return { task, state, restore, confirm, cancel };
}
