import type { PolicyDeeds } from "./policyDeeds.ts";
import type { PolicyView } from "./policyView.ts";
import { BehaviorSubject, type Observable } from "rxjs";
import type { Dependencies } from "../ports/dependencies.ts";
import type { PolicyEvent } from "./policyEvent.ts";
import type { Host } from "../ports/host.ts";
import type { FullPolicy } from "./rules/backupPolicy.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import type { RunningPolicy } from "./runPolicy.ts";

export type PolicyRunner = {
  readonly view$: Observable<PolicyView>;
  /** Loads the policy's code and begins to run, after a stop too; once it runs, does nothing but look again. Whether it has begun. */
  start(): Promise<boolean>;
  stop(): void;
  send(event: PolicyEvent): void;
  /** The store holds something else than before: look again. */
  archivesChanged(): void;
};

const loadPolicy = loadOnce("runs the policy", () => import("./runPolicy.ts"));

/** The policy, whether it runs or not; what is said before it has begun waits until it has. */
export function createPolicyRunner(
  dependencies: Dependencies,
  policy: () => FullPolicy,
  watch: Host["watch"],
  deeds: PolicyDeeds,
): PolicyRunner {
  const view$ = new BehaviorSubject<PolicyView>({ isBusy: false });
  const ends: (() => void)[] = [];
  /** What the app said before the policy had begun. */
  const early: PolicyEvent[] = [];
  let running: RunningPolicy | undefined;
  let isStopped = false;
  /** Goes up with every stop: what was beginning then does not run. */
  let stops = 0;
  /** What was known at the last stop is kept. */
  let closed = Promise.resolve();

  function send(event: PolicyEvent): void {
    const isOfTask = event.type.startsWith("task.");
    if (running && (view$.value.state || isOfTask)) running.send(event);
    else if (!isStopped && !isOfTask) early.push(event);
  }

  /** A subscriber may stop the policy when it hears this: those after it then hear of the stop last. */
  function tell(view: PolicyView): void {
    view$.next(view);
    if (view$.value !== view) view$.next(view$.value);
  }

  function show(view: PolicyView): void {
    const isFirst = view.state !== undefined && view$.value.state === undefined;
    tell({ ...view, isStarted: true });
    if (isFirst) early.splice(0).forEach(send);
  }

  return {
    view$: view$.asObservable(),
    async start() {
      if (running) {
        send({ type: "policy.wake" });
        return false;
      }
      isStopped = false;
      const stopsBefore = stops;
      const [{ runPolicy }] = await Promise.all([loadPolicy(), closed]);
      if (stops !== stopsBefore || running) return false;
      tell({ isBusy: false, isStarted: true });
      if (stops !== stopsBefore) return false;
      running = runPolicy(dependencies, policy(), deeds, show);
      ends.push(
        watch((event) => {
          if (event === "wake") send({ type: "policy.wake" });
          else if (event !== "consent")
            send({ type: "policy.activity", ...(event === "message" ? { messages: 1 } : { conversations: 1 }) });
        }),
        dependencies.device.watch((event) => send({ type: event === "changed" ? "policy.look" : `policy.${event}` })),
      );
      return true;
    },
    stop() {
      isStopped = true;
      stops += 1;
      ends.splice(0).forEach((end) => end());
      closed = running?.stop() ?? closed;
      running = undefined;
      early.length = 0;
      view$.next({ isBusy: false });
    },
    send,
    archivesChanged() {
      running?.forgetArchives();
      send({ type: "policy.look" });
    },
  };
}
