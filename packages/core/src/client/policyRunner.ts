import { BehaviorSubject, type Observable } from "rxjs";
import { type ActorRefFrom, createActor, type SnapshotFrom } from "xstate";
import { countNewMessages } from "../actors/countNewMessages.ts";
import { createObserver, randomPart } from "../actors/createObserver.ts";
import type { Dependencies } from "../actors/dependencies.ts";
import { readPolicyMemory, writePolicyMemory } from "../actors/policyNote.ts";
import { isBackupError } from "../errors/backupError.ts";
import { backupPolicyMachine, type PolicyBackupResult, type PolicyEvent } from "../machines/backupPolicyMachine.ts";
import { fromTask } from "../machines/fromTask.ts";
import type { ArchiveId } from "../model/archiveEntry.ts";
import type { Host } from "../ports/host.ts";
import type { AutomaticTrigger } from "../policy/decideBackup.ts";
import { loadCalendar } from "../policy/loadCalendar.ts";
import type { FullPolicy } from "../policy/policy.ts";
import type { DamagedArchive, PolicyMemory } from "../policy/policyMemory.ts";
import type { PolicyState } from "../policy/policyState.ts";
import type { BackupTask } from "./task.ts";

/** What the policy tells: its state once it has looked, and whether it is at work or stands back for a task. */
export type PolicyView = { state?: PolicyState | undefined; isBusy: boolean };

export type PolicyRunner = {
  readonly view$: Observable<PolicyView>;
  /** Begins to run; once it does, does nothing but look again. */
  start(): void;
  stop(): void;
  send(event: PolicyEvent): void;
  /** The store holds something else than before: look again. */
  archivesChanged(): void;
};

/** What the policy may do; a backup that it begins is a task like any other. */
export type PolicyDeeds = {
  backUp(trigger: AutomaticTrigger): BackupTask;
  verify(id: ArchiveId, signal: AbortSignal): Promise<unknown>;
};

/** Runs the policy machine over the world; keeps its memory in the journal. What is said before it has begun waits until it has. */
export function createPolicyRunner(dependencies: Dependencies, policy: () => FullPolicy, watch: Host["watch"], deeds: PolicyDeeds): PolicyRunner {
  const { host, journal, clock, device } = dependencies;
  const observer = createObserver(dependencies);
  const machine = backupPolicyMachine.provide({
    actors: {
      begin: fromTask(async ({ policy: wanted }, { signal }) => {
        const [calendar, memory, seen] = await Promise.all([loadCalendar(wanted), readPolicyMemory(journal, { signal }), observer.observe(signal)]);
        if (!memory) return { calendar, seen };
        const counted = wanted.afterMessages === false ? 0 : await countNewMessages(host, memory, signal);
        return { calendar, seen, memory: { ...memory, messagesSince: Math.max(memory.messagesSince, counted) } };
      }),
      look: fromTask((_input, { signal }) => observer.observe(signal)),
      backUp: fromTask(async ({ trigger }) => {
        const result = await toResult(deeds.backUp(trigger), clock.now);
        observer.forgetArchives();
        return result;
      }),
      verifyArchive: fromTask<DamagedArchive | undefined, { id: ArchiveId }>(async ({ id }, { signal }) => {
        observer.forgetArchives();
        try {
          await deeds.verify(id, signal);
          return undefined;
        } catch (error) {
          // Only of an archive that was read is anything known.
          if (isBackupError(error) && error.code.startsWith("ARCHIVE_") && error.code !== "ARCHIVE_NOT_FOUND") return { id, code: error.code };
          throw error;
        }
      }),
    },
  });
  const view$ = new BehaviorSubject<PolicyView>({ isBusy: false });
  const ends: (() => void)[] = [];
  /** What the app said before the policy had begun. */
  const early: PolicyEvent[] = [];
  let actor: ActorRefFrom<typeof machine> | undefined;
  let written: PolicyMemory | undefined;
  let saving = Promise.resolve();

  function send(event: PolicyEvent): void {
    if (actor && (view$.value.state || event.type.startsWith("task."))) actor.send(event);
    else if (!view$.closed && !event.type.startsWith("task.")) early.push(event);
  }

  function show({ context, ...snapshot }: SnapshotFrom<typeof machine>): void {
    const { state } = context;
    const isBusy = snapshot.tags.has("working") || context.isTaskRunning;
    const isFirst = state !== undefined && view$.value.state === undefined;
    if (state !== view$.value.state || isBusy !== view$.value.isBusy) view$.next({ state, isBusy });
    if (state && mustBeKept(state.memory, written)) {
      const { memory } = state;
      written = memory;
      saving = saving.then(() => writePolicyMemory(journal, memory)).catch(() => undefined);
    }
    if (isFirst) early.splice(0).forEach(send);
  }

  return {
    view$: view$.asObservable(),
    start() {
      if (actor) return send({ type: "policy.wake" });
      actor = createActor(machine, { input: { policy: policy() }, clock });
      actor.subscribe(show);
      actor.start();
      ends.push(
        watch((event) => {
          if (event === "wake") send({ type: "policy.wake" });
          else send({ type: "policy.activity", ...(event === "message" ? { messages: 1 } : { conversations: 1 }) });
        }),
        device.watch((event) => send({ type: event === "changed" ? "policy.look" : `policy.${event}` })),
      );
    },
    stop() {
      ends.forEach((end) => end());
      actor?.stop();
      actor = undefined;
      view$.complete();
    },
    send,
    archivesChanged() {
      observer.forgetArchives();
      send({ type: "policy.look" });
    },
  };
}

/** Each message alone is not worth a write: at the next start they are counted anew. */
function mustBeKept(memory: PolicyMemory, written: PolicyMemory | undefined): boolean {
  return written === undefined || JSON.stringify({ ...memory, messagesSince: 0 }) !== JSON.stringify({ ...written, messagesSince: 0 });
}

/** How a task has ended, as the policy wants to know it. */
export async function toResult(task: BackupTask, now: () => number): Promise<PolicyBackupResult> {
  try {
    await task.result;
    return { status: "succeeded" };
  } catch (error) {
    if (task.getState().status === "cancelled") return { status: "cancelled", atMs: now() };
    const code = isBackupError(error) ? error.code : undefined;
    if (code === "TASK_IN_PROGRESS") return { status: "refused" };
    return { status: "failed", atMs: now(), random: randomPart(), ...(code !== undefined && { code }) };
  }
}
