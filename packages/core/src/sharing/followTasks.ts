import type { BackupOptions } from "../backup/backupOptions.ts";
import type { RestoreOptions, RestoreSource } from "../restore/restoreOptions.ts";
import type { RunningTask } from "../adviseClosing.ts";
import { createTask, type TaskEnd } from "../tasks/createTask.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import type { RestoreState, RestoreTask } from "../restore/restoreTask.ts";
import type { BackupState, BackupTask } from "../backup/backupTask.ts";
import type { BackupOutput } from "../backup/backupMachine.ts";
import { indeterminate } from "../tasks/progress.ts";
import type { RestoreResult } from "../restore/restoreResult.ts";
import type { Log } from "../ports/logger.ts";
import type { Say } from "./callNames.ts";
import { type Caller, tabClosed } from "./createCaller.ts";
import type { ToldTask } from "./messages.ts";

/** The tasks of the server, and those that were asked for here. */
export type FollowedTasks = {
  backup(options: BackupOptions | string): BackupTask;
  restore(source: RestoreSource, options: RestoreOptions): RestoreTask;
  get(id: string): RunningTask | undefined;
  show(task: ToldTask): void;
  /** The server's unfinished work is lost with it. Calls that it has not taken yet wait for the next. */
  serverGone(): void;
};

type Followed = {
  running: RunningTask;
  ended: Promise<TaskEnd<ToldTask["state"]>>;
  show(state: ToldTask["state"]): void;
  isTold: boolean;
  /** It was asked for here: this end says when it has heard of its failure. */
  isAsked: boolean;
};

const preparing = { status: "running", stage: "preparing", progress: indeterminate, cancellable: true } as const;

export function followTasks({ call }: Pick<Caller, "call">, log: Log, say: Say): FollowedTasks {
  const followed = new Map<string, Followed>();

  function add({ id, kind, state }: ToldTask, isTold: boolean, cancel: () => Promise<unknown>): Followed {
    const added = { ...createFollowed(kind, id, state, cancel, () => say("confirm", id)), isTold, isAsked: !isTold };
    followed.set(id, added);
    void added.ended.then(() => followed.delete(id));
    return added;
  }

  /** Begins a task there. A task that is cancelled before the server confirmed it is given up here, and cancelled there if it had begun. */
  function begin(kind: RunningTask["kind"], parameters: readonly unknown[]): RunningTask {
    const id = crypto.randomUUID();
    const asking = new AbortController();
    const cancel = async (): Promise<unknown> => {
      if (task.isTold) return call("cancel", [id]);
      asking.abort();
      call("cancel", [id]).catch(() => undefined);
      task.show({ status: "cancelled" });
    };
    const task = add({ id, kind, state: preparing }, false, cancel);
    // The tab that makes the backups logs all else; what nobody here awaits or watches is for this tab to tell.
    void task.ended.then(({ state, isHeard }) => {
      if (state.status === "failed" && !isHeard) log("warn", failureEvent(`${kind}.failed`, state.error, { taskId: id }));
    });
    call(kind, [id, ...parameters], { signal: asking.signal }).catch((error: unknown) =>
      task.show({ status: "failed", error: error as Error }),
    );
    return task.running;
  }

  return {
    backup: (options) => begin("backup", [options]).task as BackupTask,
    restore: (source, options) => begin("restore", [source, options]).task as RestoreTask,
    get: (id) => followed.get(id)?.running,
    show(told) {
      const { id, state } = told;
      const task = followed.get(id) ?? add(told, true, () => call("cancel", [id]));
      task.isTold = true;
      task.show(state);
      // Where nobody here awaits or watches it, this end warns.
      if (task.isAsked && state.status === "failed") call("heard", [id]).catch(() => undefined);
    },
    serverGone() {
      for (const { isTold, show } of followed.values()) if (isTold) show({ status: "failed", error: tabClosed() });
    },
  };
}

function createFollowed(
  kind: RunningTask["kind"],
  id: string,
  first: ToldTask["state"],
  cancel: () => Promise<unknown>,
  confirm: () => void,
): Omit<Followed, "isTold" | "isAsked"> {
  if (kind === "backup") {
    const { task, ended, show } = createTask<BackupState, BackupOutput>(id, first as BackupState, cancel);
    return { running: { kind, task }, ended, show: (state) => show(state as BackupState) };
  }
  const { task, ended, show } = createTask<RestoreState, RestoreResult>(id, first as RestoreState, cancel);
  return { running: { kind, task: Object.assign(task, { confirm }) }, ended, show: (state) => show(state as RestoreState) };
}
