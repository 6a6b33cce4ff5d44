import type { BackupOptions } from "../actors/backupOptions.ts";
import type { RestoreOptions, RestoreSource } from "../actors/restoreOptions.ts";
import type { RunningTask } from "../client/adviseClosing.ts";
import type { BackupState, BackupTask, RestoreState, RestoreTask } from "../client/task.ts";
import type { BackupOutput } from "../machines/backupMachine.ts";
import { indeterminate } from "../model/progress.ts";
import type { RestoreResult } from "../model/restore.ts";
import { type Caller, tabClosed } from "./createCaller.ts";
import { createFollowedTask } from "./followedTask.ts";
import type { ToldTask } from "./messages.ts";

/** The tasks of the server, and those that were asked for here. */
export type FollowedTasks = {
  backup(options: BackupOptions | string): BackupTask;
  restore(source: RestoreSource, options: RestoreOptions): RestoreTask;
  get(id: string): RunningTask | undefined;
  show(task: ToldTask): void;
  /** What the server was at is lost with it; what it was not told of yet waits for the next. */
  serverGone(): void;
};

type Followed = { running: RunningTask; show(state: ToldTask["state"]): void; isTold: boolean };

const preparing = { status: "running", stage: "preparing", progress: indeterminate, cancellable: true } as const;

export function followTasks({ call }: Pick<Caller, "call">): FollowedTasks {
  const followed = new Map<string, Followed>();

  function add({ id, kind, state }: ToldTask, isTold: boolean, cancel: () => Promise<unknown>): Followed {
    const added = { ...createFollowed(kind, id, state, cancel, () => void call("confirm", [id]).catch(() => undefined)), isTold };
    const forget = () => void followed.delete(id);
    followed.set(id, added);
    added.running.task.result.then(forget, forget);
    return added;
  }

  /** Begins a task there; what is cancelled before it was told of is given up here, and cancelled there if it had begun. */
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
    call(kind, [id, ...parameters], { signal: asking.signal }).catch((error: unknown) => task.show({ status: "failed", error: error as Error }));
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
    },
    serverGone() {
      for (const { isTold, show } of followed.values()) if (isTold) show({ status: "failed", error: tabClosed() });
    },
  };
}

function createFollowed(kind: RunningTask["kind"], id: string, first: ToldTask["state"], cancel: () => Promise<unknown>, confirm: () => void): Omit<Followed, "isTold"> {
  if (kind === "backup") {
    const { task, show } = createFollowedTask<BackupState, BackupOutput>(id, first as BackupState, cancel);
    return { running: { kind, task }, show: (state) => show(state as BackupState) };
  }
  const { task, show } = createFollowedTask<RestoreState, RestoreResult>(id, first as RestoreState, cancel);
  return { running: { kind, task: { ...task, confirm } }, show: (state) => show(state as RestoreState) };
}
