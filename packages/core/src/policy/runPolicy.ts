import { createActor, type SnapshotFrom } from "xstate";
import { createObserver } from "./createObserver.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { writePolicyMemory } from "./policyNote.ts";
import type { PolicyEvent } from "./policyEvent.ts";
import type { FullPolicy } from "./rules/backupPolicy.ts";
import type { PolicyMemory } from "./rules/policyMemory.ts";
import { actorOptions } from "../tasks/actorOptions.ts";
import { decisionEvent } from "./decisionEvent.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import type { PolicyDeeds } from "./policyDeeds.ts";
import type { PolicyView } from "./policyView.ts";
import { type PolicyMachine, providePolicy } from "./providePolicy.ts";

/** The policy while it runs. */
export type RunningPolicy = {
  send(event: PolicyEvent): void;
  /** The store holds something else than at the last look. */
  forgetArchives(): void;
  /** Resolves once what must outlive the process is kept. */
  stop(): Promise<void>;
};

/** Runs the policy machine over the world, keeps its memory in the journal, and tells `show` what it knows. */
export function runPolicy(
  dependencies: Dependencies,
  policy: FullPolicy,
  deeds: PolicyDeeds,
  show: (view: PolicyView) => void,
): RunningPolicy {
  const { journal, log } = dependencies;
  const observer = createObserver(dependencies);
  const actor = createActor(providePolicy(dependencies, observer, deeds), { input: { policy }, ...actorOptions(dependencies) });
  let view: PolicyView = { isBusy: false };
  let written: PolicyMemory | undefined;
  let saving = Promise.resolve();
  let logged: string | undefined;

  function follow({ context, tags }: SnapshotFrom<PolicyMachine>): void {
    const { state } = context;
    const isBusy = tags.has("working") || context.isTaskRunning;
    if (state && mustBeKept(state.memory, written)) {
      const { memory } = state;
      written = memory;
      saving = saving
        .then(() => writePolicyMemory(journal, memory))
        .then(
          () => undefined,
          (error: unknown) => log("warn", failureEvent("note.failed", error)),
        );
    }
    if (state) {
      const decided = decisionEvent(state);
      const text = JSON.stringify(decided);
      if (text !== logged) log("debug", decided);
      logged = text;
    }
    if (state === view.state && isBusy === view.isBusy) return;
    view = { state, isBusy };
    show(view);
  }

  actor.subscribe(follow);
  actor.start();
  return {
    send: (event) => actor.send(event),
    forgetArchives: () => observer.forgetArchives(),
    stop() {
      actor.stop();
      return saving;
    },
  };
}

/** Each message alone is not worth a write: at the next start they are counted again. */
function mustBeKept(memory: PolicyMemory, written: PolicyMemory | undefined): boolean {
  return written === undefined || JSON.stringify({ ...memory, messagesSince: 0 }) !== JSON.stringify({ ...written, messagesSince: 0 });
}
