import type { RunningTask } from "@xmtp-backup/core";

/** Lets the first call of a method in a stage of the running task through; the next one is not answered. Other stages may call it too. */
export function holdSecond<Name extends string>(
  owner: Record<Name, (...args: never[]) => Promise<unknown>>,
  name: Name,
  { stage, current }: { stage: string; current: () => RunningTask | undefined },
): void {
  const method = owner[name];
  let calls = 0;
  owner[name] = function (this: unknown, ...args) {
    const state = current()?.task.getState();
    if (state?.status === "running" && state.stage === stage) calls += 1;
    return calls < 2 ? method.apply(this, args) : new Promise(() => undefined);
  };
}
