import { BehaviorSubject, type Observable } from "rxjs";
import { type ActorRefFrom, createActor, type SnapshotFrom } from "xstate";
import { createObserver } from "../actors/createObserver.ts";
import type { Dependencies } from "../actors/dependencies.ts";
import { writePolicyMemory } from "../actors/policyNote.ts";
import type { PolicyEvent } from "../machines/backupPolicyMachine.ts";
import type { ArchiveId } from "../model/archiveEntry.ts";
import type { Host } from "../ports/host.ts";
import type { AutomaticTrigger } from "../policy/decideBackup.ts";
import type { FullPolicy } from "../policy/policy.ts";
import type { PolicyMemory } from "../policy/policyMemory.ts";
import type { PolicyState } from "../policy/policyState.ts";
import type { PolicyMachine } from "./providePolicy.ts";
import type { BackupTask } from "./task.ts";

/** What the policy tells: its state once it has looked, and whether it is at work or stands back for a task. */
export type PolicyView = { state?: PolicyState | undefined; isBusy: boolean };

export type PolicyRunner = {
  readonly view$: Observable<PolicyView>;
  /** Loads the policy's code and begins to run; once it does, does nothing but look again. */
  start(): Promise<void>;
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
  const { journal, clock, device } = dependencies;
  const observer = createObserver(dependencies);
  const view$ = new BehaviorSubject<PolicyView>({ isBusy: false });
  const ends: (() => void)[] = [];
  /** What the app said before the policy had begun. */
  const early: PolicyEvent[] = [];
  let actor: ActorRefFrom<PolicyMachine> | undefined;
  let isStopped = false;
  let written: PolicyMemory | undefined;
  let saving = Promise.resolve();

  function send(event: PolicyEvent): void {
    if (actor && (view$.value.state || event.type.startsWith("task."))) actor.send(event);
    else if (!view$.closed && !event.type.startsWith("task.")) early.push(event);
  }

  function show({ context, ...snapshot }: SnapshotFrom<PolicyMachine>): void {
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
    async start() {
      if (actor) return send({ type: "policy.wake" });
      const { providePolicy } = await import("./providePolicy.ts");
      if (isStopped || actor) return;
      actor = createActor(providePolicy(dependencies, observer, deeds), { input: { policy: policy() }, clock });
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
      isStopped = true;
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
