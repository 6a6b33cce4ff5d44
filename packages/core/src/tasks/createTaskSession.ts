import type { InterruptedTask } from "./interruptedTask.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { HostIdentity } from "../ports/host.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { reportRemaining } from "./reportRemaining.ts";
import type { StageTools } from "./stageTools.ts";
import { toStageError } from "./toStageError.ts";
import { inProgress, lockName } from "./taskLock.ts";
import { removeOwnTaskNote, removeTaskNote, rewriteTaskNote, writeTaskNote } from "./taskNote.ts";

export type Stage<TOutput = void> = (tools: StageTools) => Promise<TOutput>;

/** What every task does around its stages: hold the lock, note the stage, and wait for its effects before cleaning up. */
export type TaskSession = {
  /**
   * Takes the lock, notes that the task has begun, and says whose it is. A kill from here on is known at the next start, also one that
   * comes before the note of the first stage is written.
   *
   * @throws CLIENT_CLOSED when the client is closed
   * @throws TASK_IN_PROGRESS when another task holds the lock
   */
  begin(options: CallOptions): Promise<HostIdentity>;
  /** Notes the stage first, so that a kill in the middle of it is known at the next start. */
  stage<TOutput>(name: InterruptedTask["stage"], run: Stage<TOutput>): Stage<TOutput>;
  /** Waits until every stage that was cancelled has let go of what it touched. */
  settle(): Promise<void>;
  /** Removes the note and gives the lock back. */
  end(): Promise<void>;
};

export function createTaskSession(
  { journal, lock, host, steadyMs = () => undefined }: Dependencies,
  task: Omit<InterruptedTask, "stage">,
  isBusy: boolean,
): TaskSession {
  const underWay = new Set<Promise<unknown>>();
  let unlock: (() => Promise<void>) | undefined;
  /** The note under the task's name is this task's. */
  let isNoted = false;

  async function noteAndRun<TOutput>(stage: InterruptedTask["stage"], run: Stage<TOutput>, tools: StageTools): Promise<TOutput> {
    if (unlock) await rewriteTaskNote(journal, { ...task, stage }, tools);
    tools.signal.throwIfAborted();
    return run({ ...tools, report: reportRemaining(tools.report, steadyMs) });
  }

  return {
    async begin({ signal }) {
      if (isBusy) throw inProgress();
      const identity = await host.identity({ signal });
      unlock = await lock.tryAcquire(lockName(identity.inboxId), { signal });
      if (!unlock) throw inProgress();
      await writeTaskNote(journal, { ...task, stage: "preparing" }, { signal });
      isNoted = true;
      return identity;
    },
    stage: (name, run) => async (tools) => {
      const work = noteAndRun(name, run, tools);
      underWay.add(work);
      try {
        return await work;
      } catch (error) {
        throw toStageError(error, name);
      } finally {
        underWay.delete(work);
      }
    },
    async settle() {
      await Promise.allSettled(underWay);
    },
    async end() {
      if (!unlock) return;
      try {
        // Where the first note failed, somebody else's may stand there.
        await (isNoted ? removeOwnTaskNote(journal) : removeTaskNote(journal));
      } finally {
        await unlock();
        unlock = undefined;
      }
    },
  };
}
