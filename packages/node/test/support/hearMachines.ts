import { Actor, type InspectionEvent } from "xstate";

/** Lets somebody hear what an inspector of XState would: every event and every snapshot of every machine that starts from now on. */
export function hearMachines(hear: (event: unknown) => void): void {
  const systems = new WeakSet<object>();
  const start = Actor.prototype.start;
  Actor.prototype.start = function (this: Actor<never>) {
    if (!systems.has(this.system)) this.system.inspect((event) => hear(toPlain(event)));
    systems.add(this.system);
    return start.call(this);
  };
}

/** An event without the actors, each of which has all others in it. */
function toPlain(inspected: InspectionEvent): unknown {
  const { type } = inspected;
  if (type !== "@xstate.event" && type !== "@xstate.snapshot") return { type };
  if (type === "@xstate.event") return { type, event: inspected.event };
  const { value, status, output, error, context, input } = inspected.snapshot as Record<string, unknown>;
  return { type, event: inspected.event, value, status, output, error, context, input };
}
