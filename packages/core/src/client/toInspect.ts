import type { ActorOptions, AnyActorLogic } from "xstate";
import { invalid } from "../errors/assertOptions.ts";

/** What hears XState's inspection events: a function, or an observer with `next`. */
export type Inspect = NonNullable<ActorOptions<AnyActorLogic>["inspect"]>;

/**
 * An inspection that breaks no machine, whatever it throws: XState would let that end the actor.
 *
 * @throws OPTIONS_INVALID when it is neither a function nor an observer
 */
export function toInspect(inspect: Inspect | undefined): ((event: unknown) => void) | undefined {
  if (inspect === undefined) return undefined;
  const isObserver = typeof inspect === "object" && inspect !== null && typeof inspect.next === "function";
  if (typeof inspect !== "function" && !isObserver) throw invalid("inspect is a function that takes XState's inspection events, or an observer of them.");
  const tell = (typeof inspect === "function" ? inspect : inspect.next?.bind(inspect)) as ((event: unknown) => unknown) | undefined;
  return (event) => {
    try {
      void Promise.resolve(tell?.(event)).catch(() => undefined);
    } catch {
      // It is the failure of who inspects.
    }
  };
}
