import type { ActorOptions, AnyActorLogic } from "xstate";
import { invalid } from "../errors/assertOptions.ts";
import { harmless } from "./harmless.ts";

/** What hears XState's inspection events: a function, or an observer with `next`. */
export type Inspect = NonNullable<ActorOptions<AnyActorLogic>["inspect"]>;

/**
 * An inspection that breaks no machine, whatever it throws: XState would let that end the actor.
 *
 * @throws OPTIONS_INVALID when it is neither a function nor an observer
 */
export function toInspect(inspect: Inspect | undefined): ((event: unknown) => void) | undefined {
  if (inspect === undefined) return undefined;
  const tell: unknown = typeof inspect === "function" ? inspect : (inspect as { next?: unknown } | null)?.next;
  if (typeof tell !== "function") throw invalid("inspect is a function or an observer.");
  return (event) => harmless(() => Reflect.apply(tell, inspect, [event]));
}
