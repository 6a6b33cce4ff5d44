import type { Backups, RunningTask } from "@xmtp-backup/core";
import { useCallback, useMemo, useState } from "react";
import { useBackups } from "./backupsProvider.ts";
import { type Current, useCurrent } from "./current.ts";

type Kind = RunningTask["kind"];
type AnyTask = RunningTask["task"];

const nothing$: Current<undefined> = {
  subscribe(next) {
    next(undefined);
    return { unsubscribe() {} };
  },
};

/** The task of a kind that runs, whoever began it, or else the last that this component saw. */
export function useTask<TTask extends AnyTask>(kind: Kind) {
  const backups = useBackups();
  const running$ = useMemo<Current<TTask | undefined>>(
    () => ({ subscribe: (next) => backups.status$.subscribe(() => next(runningOf(backups, kind))) }),
    [backups, kind],
  );
  const running = useCurrent(running$, undefined);
  const [seen, setSeen] = useState<{ backups: Backups; task: TTask }>();
  if (running && running !== seen?.task) setSeen({ backups, task: running });
  const task = running ?? (seen?.backups === backups ? seen.task : undefined);
  const state$ = (task?.state$ ?? nothing$) as Current<ReturnType<TTask["getState"]> | undefined>;
  const show = useCallback(
    (started: TTask) => {
      setSeen({ backups, task: started });
      return started;
    },
    [backups],
  );
  const cancel = useCallback(async () => task?.cancel(), [task]);
  return { backups, task, state: useCurrent(state$, undefined), show, cancel };
}

function runningOf<TTask extends AnyTask>(backups: Backups, kind: Kind): TTask | undefined {
  const running = backups.current();
  return running?.kind === kind ? (running.task as TTask) : undefined;
}
