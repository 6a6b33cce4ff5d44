import type { BackupOptions } from "../backup/backupOptions.ts";
import type { RestoreOptions, RestoreSource } from "../restore/restoreOptions.ts";
import type { RunningTask } from "../adviseClosing.ts";
import type { Backups } from "../backups.ts";
import { watchTask } from "../tasks/createTask.ts";
import type { Clock } from "../ports/clock.ts";
import type { ToldTask } from "./messages.ts";

/** Running tasks under ids that followers know: the one that a follower chose, or else the task's own. */
export type ServedTasks = {
  backup(id: string, options: BackupOptions | string): void;
  restore(id: string, source: RestoreSource, options: RestoreOptions): void;
  confirm(id: string): void;
  /** Resolves when the task has ended. */
  cancel(id: string): Promise<void>;
  /** The tab that asked for the task has heard that it failed. */
  heard(id: string): void;
  /** The id of the task that runs now, which is reported from now on. */
  running(): string | undefined;
  all(): ToldTask[];
  /** No follower receives anything any more, so none hears of a failure. */
  stop(): void;
};

/** How long whoever asked for a task may take to say that they have heard of its failure, in milliseconds. */
const confirmWithinMs = 10_000;

/** Tells every state of every task, whoever began it. */
export function serveTasks(
  backups: Backups,
  tell: (task: ToldTask) => void,
  clock: Pick<Clock, "setTimeout" | "clearTimeout">,
): ServedTasks {
  const live = new Map<string, RunningTask>();
  const ids = new WeakMap<RunningTask["task"], string>();
  const confirming = new Map<string, (isHeard: boolean) => void>();
  /** The id of the task that is just beginning: the status speaks of it before whoever began it has it. */
  let beginning: string | undefined;

  function follow(running: RunningTask): string {
    const known = ids.get(running.task);
    if (known !== undefined) return known;
    const id = beginning ?? running.task.id;
    ids.set(running.task, id);
    live.set(id, running);
    const { state$ } = watchTask<ToldTask["state"]>(running.task);
    state$.subscribe({
      next: (state) => tell({ id, kind: running.kind, state }),
      complete: () => live.delete(id),
    });
    return id;
  }

  /** The tab that asked for a task hears of its failure there and confirms it; a tab that is gone confirms nothing. */
  function passOn(id: string, task: RunningTask["task"]): void {
    const { ended, passOn: tellMaker } = watchTask<ToldTask["state"]>(task);
    let timer: unknown;
    const confirmed = new Promise<boolean>((resolve) => {
      confirming.set(id, (isHeard) => {
        clock.clearTimeout(timer);
        confirming.delete(id);
        resolve(isHeard);
      });
    });
    tellMaker(confirmed);
    void ended.then(({ state }) => {
      if (state.status !== "failed") confirming.delete(id);
      else if (confirming.has(id)) timer = clock.setTimeout(() => confirming.get(id)?.(false), confirmWithinMs);
    });
  }

  function begin(id: string, start: () => RunningTask): void {
    beginning = id;
    try {
      const started = start();
      passOn(id, started.task);
      follow(started);
    } finally {
      beginning = undefined;
    }
  }

  return {
    backup: (id, options) => begin(id, () => ({ kind: "backup", task: backups.backup(options) })),
    restore: (id, source, options) => begin(id, () => ({ kind: "restore", task: backups.restore(source, options) })),
    confirm(id) {
      const running = live.get(id);
      if (running?.kind === "restore") running.task.confirm();
    },
    cancel: async (id) => live.get(id)?.task.cancel(),
    heard: (id) => confirming.get(id)?.(true),
    running() {
      const current = backups.current();
      return current && follow(current);
    },
    all: () => [...live].map(([id, { kind, task }]) => ({ id, kind, state: task.getState() })),
    stop: () => confirming.forEach((confirm) => confirm(false)),
  };
}
