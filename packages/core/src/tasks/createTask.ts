import { Observable, ReplaySubject } from "rxjs";
import { cancelledReason } from "../errors/cancelledReason.ts";
import type { TaskState } from "./taskState.ts";
import type { Task } from "./task.ts";

/** How a task has ended, and whether anybody but its makers heard of it: who awaits it, and who watches its states. */
export type TaskEnd<TState> = {
  state: TState;
  isHeard: boolean;
  /** Whether those elsewhere have heard of it whom it was passed on to, once that is known. */
  isHeardElsewhere?: Promise<boolean>;
};

/** A task as its makers follow it: who only passes it on does not count as somebody who hears of a failure. */
export type TaskWatch<TState> = {
  readonly state$: Observable<TState>;
  readonly ended: Promise<TaskEnd<TState>>;
  /** Somebody elsewhere asked for it, and says whether they have heard of its end. */
  passOn(isHeardElsewhere: Promise<boolean>): void;
};

/** A task, and how its maker shows what becomes of it. */
export type MadeTask<TState extends TaskState<string, unknown, unknown>, TOutput> = {
  readonly task: Task<TState, TOutput>;
  readonly ended: Promise<TaskEnd<TState>>;
  /** Shows a state; after one in which the task has ended, nothing more. */
  show(state: TState): void;
};

type Watchable<TState> = { readonly state$: Observable<TState>; getState(): TState };

const watches = new WeakMap<object, TaskWatch<unknown>>();

/**
 * The one way that tasks are made, whether their work is here or elsewhere.
 *
 * @param cancel asks the work to stop; called while the task runs only
 */
export function createTask<TState extends TaskState<string, TOutput, unknown>, TOutput>(
  id: string,
  first: TState,
  cancel: () => unknown,
): MadeTask<TState, TOutput> {
  const states = new ReplaySubject<TState>(1);
  let current = first;
  let watchers = 0;
  let isHeard = false;
  let isEnded = false;
  let isHeardElsewhere: Promise<boolean> | undefined;
  let end!: (ended: TaskEnd<TState>) => void;
  const ended = new Promise<TaskEnd<TState>>((resolve) => (end = resolve));
  const result = ended.then(({ state }) => outputOf<TOutput>(state));
  result.catch(() => undefined);
  states.next(first);

  const state$ = new Observable<TState>((subscriber) => {
    watchers += 1;
    const subscription = states.subscribe(subscriber);
    return () => {
      watchers -= 1;
      subscription.unsubscribe();
    };
  });

  function hear(): Promise<TOutput> {
    isHeard = true;
    return result;
  }

  function show(state: TState): void {
    if (isEnded) return;
    const isLast = isOver(state);
    // Set first: a watcher that cancels when it hears of the end changes nothing.
    isEnded = isLast;
    // Counted first: a watcher that leaves when it hears of the end has heard of it.
    const isWatched = watchers > 0;
    current = state;
    states.next(state);
    if (!isLast) return;
    end({ state, isHeard: isHeard || isWatched, ...(isHeardElsewhere && { isHeardElsewhere }) });
    states.complete();
  }

  const task: Task<TState, TOutput> = {
    id,
    state$,
    getState: () => current,
    subscribe(listener) {
      let isFirst = true;
      const subscription = state$.subscribe(() => (isFirst ? undefined : listener()));
      isFirst = false;
      return () => subscription.unsubscribe();
    },
    get result() {
      return hear();
    },
    then: (...listeners) => hear().then(...listeners),
    catch: (listener) => hear().catch(listener),
    finally: (listener) => hear().finally(listener),
    async cancel() {
      if (isEnded) return;
      try {
        await cancel();
      } catch (error) {
        if (!isEnded) throw error;
      }
      await ended;
    },
    [Symbol.toStringTag]: "Task",
  };
  // Copying or printing a task reads every property that is listed, and hears of nothing.
  void Object.defineProperty(task, "result", { enumerable: false });
  const passOn = (heard: Promise<boolean>) => void (isHeardElsewhere = heard);
  watches.set(task, { state$: states.asObservable(), ended, passOn });
  return { task, ended, show };
}

/** A task's states and its end, for those who only pass them on. */
export function watchTask<TState>(task: Watchable<TState>): TaskWatch<TState> {
  const known = watches.get(task) as TaskWatch<TState> | undefined;
  if (known) return known;
  // One that an app has made of another; a copy has no result.
  const ended = new Promise<TaskEnd<TState>>((resolve) => {
    const end = () => resolve({ state: task.getState(), isHeard: true });
    task.state$.subscribe({ error: end, complete: end });
  });
  return { state$: task.state$, ended, passOn: () => undefined };
}

function isOver({ status }: TaskState<string, unknown, unknown>): boolean {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}

function outputOf<TOutput>(state: TaskState<string, TOutput, unknown>): TOutput {
  if (state.status === "succeeded") return state.output;
  throw state.status === "failed" ? state.error : cancelledReason();
}
