import { BehaviorSubject, distinctUntilChanged, map, type Observable, Subject } from "rxjs";
import type { Arrivals } from "./createArrivals.ts";
import { readActivation, readExpected, writeExpected } from "./activationNote.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { ActivationInput } from "./activationContext.ts";
import type { ActivationEvent } from "./conversationActivationMachine.ts";
import { type ActivationState, nothingRestored, type TrackedConversation } from "./rules/trackedConversation.ts";
import type { ActivationNotice } from "./rules/activationNotice.ts";
import type { HostConversation } from "../ports/hostConversation.ts";
import type { ImportedHistory } from "../imported/importedHistory.ts";
import type { Host } from "../ports/host.ts";
import { type ActivationMemory, emptyActivationMemory } from "./rules/activationMemory.ts";
import { failureEvent } from "../logging/failureEvent.ts";
import type { Tracker, TrackerListener } from "./trackRestored.ts";
import { loadOnce } from "../tasks/loadOnce.ts";

/** What becomes of restored conversations: runs the machine that tracks them, once there are any. */
export type Activation = {
  readonly activation$: Observable<ActivationState>;
  readonly notices$: Observable<ActivationNotice>;
  getState(): ActivationState;
  /** The state of one conversation; undefined unless it was restored. */
  get(conversationId: string): TrackedConversation | undefined;
  conversation$(conversationId: string): Observable<TrackedConversation | undefined>;
  /** What is known, also before `resume`. */
  recall(): Promise<ActivationMemory>;
  /** Notes what an import is about to bring, so that it is tracked even after a kill in the middle of it. */
  expect(history: ImportedHistory): Promise<void>;
  /** Tracks what an import brought and the client lists as inactive. */
  track(history: ImportedHistory, listed: readonly HostConversation[]): Promise<void>;
  /** The same, and asks the client for the conversations. */
  find(history: ImportedHistory): Promise<void>;
  /** Begins to track again after a stop. */
  restart(): void;
  /** Goes on with what an earlier process tracked. */
  resume(): Promise<void>;
  /** What the SDK imports after a request for history. Begins to track. */
  arrivals(): Promise<Arrivals>;
  /** Tells the machine something, once what an earlier process knew is there. */
  send(event: ActivationEvent): void;
  /** Resolves once everything that is known is kept. */
  saved(): Promise<void>;
  stop(): void;
};

const loadTracking = loadOnce("tracks restored conversations", () => import("./trackRestored.ts"));
const loadHolding = loadOnce("holds what the user decided", () => import("./holdDecisions.ts"));

export function createActivation(
  dependencies: Dependencies,
  watch: Host["watch"],
  settings: ActivationInput,
  arrived: TrackerListener["arrived"],
): Activation {
  const { host, journal, log } = dependencies;
  const state$ = new BehaviorSubject(nothingRestored);
  const notices$ = new Subject<ActivationNotice>();
  const listener: TrackerListener = { show, notify: (notice) => notices$.next(notice), arrived };
  let byId: ReadonlyMap<string, TrackedConversation> = new Map();
  let beginning: Promise<Tracker> | undefined;
  let tracker: Tracker | undefined;
  let isStopped = false;
  /** Goes up with every stop: what was beginning then is not tracked. */
  let stops = 0;
  /** What was known at the last stop is kept. */
  let closed: Promise<unknown> = Promise.resolve();

  function show(state: ActivationState): void {
    byId = new Map(state.conversations.map((conversation) => [conversation.id, conversation]));
    state$.next(state);
  }

  /** Nothing is tracked before what an earlier process knew is there, so that it is never overwritten. */
  async function begin(earlier: Promise<ActivationMemory | undefined>): Promise<Tracker> {
    const stopsBefore = stops;
    const [{ trackRestored }, memory = emptyActivationMemory] = await Promise.all([loadTracking(), earlier]);
    const begun = trackRestored(dependencies, watch, settings, memory, listener);
    if (stops !== stopsBefore) begun.stop();
    return begun;
  }

  function tracking(earlier?: ActivationMemory): Promise<Tracker> {
    if (beginning) return beginning;
    // Read only now: a note that nobody waits for would fail unhandled.
    const current = begin(earlier ? Promise.resolve(earlier) : closed.then(() => readActivation(journal)));
    beginning = current;
    current.then(
      (begun) => {
        if (beginning === current) tracker = begun;
      },
      () => {
        if (beginning === current) beginning = undefined;
      },
    );
    return current;
  }

  /** What is not tracked any more in this process stays noted for the next start. */
  async function track(history: ImportedHistory, listed: readonly HostConversation[]): Promise<void> {
    if (isStopped) return;
    await (await tracking()).track(history, listed);
  }

  const find: Activation["find"] = async (history) =>
    track(history, await host.listConversations({ ids: history.conversations.map(({ id }) => id) }));

  return {
    activation$: state$.asObservable(),
    notices$: notices$.asObservable(),
    getState: () => state$.value,
    get: (conversationId) => byId.get(conversationId),
    conversation$: (conversationId) =>
      state$.pipe(
        map(() => byId.get(conversationId)),
        distinctUntilChanged(),
      ),
    async recall() {
      if (beginning) return (await beginning).memory();
      await closed;
      return (await readActivation(journal)) ?? emptyActivationMemory;
    },
    expect(history) {
      // What follows the import is loaded beside it; a failure is met where it is needed.
      loadTracking().catch(() => undefined);
      return writeExpected(journal, history);
    },
    track,
    find,
    restart() {
      isStopped = false;
    },
    async resume() {
      await closed;
      if (isStopped) return;
      const [earlier, expected] = await Promise.all([readActivation(journal), readExpected(journal)]);
      // An import that was cut off may have changed what the user decided.
      if (earlier || expected) await (await loadHolding()).holdDecisions(dependencies);
      if (earlier) await tracking(earlier);
      if (expected) await find(expected);
    },
    arrivals: async () => (await tracking()).arrivals,
    send(event) {
      if (isStopped) return;
      if (tracker) return tracker.send(event);
      tracking().then(
        (begun) => begun.send(event),
        (error: unknown) => log("warn", failureEvent("tracking.failed", error)),
      );
    },
    saved: async () => (await beginning)?.saved(),
    stop() {
      isStopped = true;
      stops += 1;
      closed = tracker?.saved().catch(() => undefined) ?? closed;
      tracker?.stop();
      tracker = beginning = undefined;
    },
  };
}
