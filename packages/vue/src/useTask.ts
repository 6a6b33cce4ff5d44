import type { RunningTask } from "@xmtp-backup/core";
import { useBackups } from "./backupsPlugin.ts";
import { type Current, useCurrent } from "./current.ts";

type Kind = RunningTask["kind"];
type AnyTask = RunningTask["task"];

const nothing$: Current<undefined> = {
  subscribe(next) {
    next(undefined);
    return { unsubscribe() {} };
  },
};

/** The task of a kind that runs, whoever began it, or else the last that this scope saw. */
export function useTask<TTask extends AnyTask>(kind: Kind) {
  const backups = useBackups();
  const running = () => {
    const current = backups.current();
    return current?.kind === kind ? (current.task as TTask) : undefined;
  };
  const running$: Current<TTask | undefined> = {
    subscribe: (next) =>
      backups.status$.subscribe(() => {
        const task = running();
        if (task) next(task);
      }),
  };
  const task = useCurrent(() => running$, undefined);
  const state = useCurrent(() => (task.value?.state$ ?? nothing$) as Current<ReturnType<TTask["getState"]> | undefined>, undefined);
  /** One that was refused beside a task that runs is not shown in its place. */
  function show(started: TTask): TTask {
    task.value = running() ?? started;
    return started;
  }
  return { backups, task, state, show, cancel: async () => task.value?.cancel() };
}
