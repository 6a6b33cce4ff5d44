import type { StateValue } from "xstate";

/** A state within those around it, in one word: `making.exporting`. For machines without parallel regions. */
export function statePath(value: StateValue): string {
  if (typeof value === "string") return value;
  return Object.entries(value)
    .map(([parent, child]) => `${parent}.${statePath(child ?? "")}`)
    .join();
}
