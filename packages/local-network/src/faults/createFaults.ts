import { callNames, type CallName } from "../calls/callName.ts";
import { type GrpcCode, grpcCodes } from "./grpcCodes.ts";

/** How often a fault happens. */
export type FaultTimes = {
  /**
   * The number of calls that it hits; `Infinity` for every call until `clear()`.
   *
   * @default 1
   */
  times?: number;
};

/**
 * What happens to a call that is dropped.
 *
 * - `cut`: its stream is reset before the network looks at it.
 * - `silence`: it is never answered, until the client gives up or the network closes.
 * - `answer`: the network does what was asked, then its stream is reset instead of an answer.
 */
export type DropKind = "cut" | "silence" | "answer";

/** How to refuse. */
export type RefuseOptions = FaultTimes & {
  /** @default "UNAVAILABLE" */
  code?: GrpcCode;
};

/** How to delay. */
export type DelayOptions = FaultTimes & {
  /** The wait in milliseconds. */
  ms: number;
};

/** How to drop. */
export type DropOptions = FaultTimes & {
  /** @default "cut" */
  kind?: DropKind;
};

/**
 * Makes the next calls fail, for tests. The faults of a call happen in the order in which they were asked for.
 *
 * @throws {RangeError} from each method, when there is no such call, code, wait or number of times.
 */
export type Faults = {
  /**
   * Refuses the next calls with a gRPC status. (A history route answers 503 instead.)
   *
   * @example
   * network.faults.refuse("SendGroupMessages", { times: 3, code: "RESOURCE_EXHAUSTED" });
   */
  refuse(call: CallName, options?: RefuseOptions): void;
  /** Makes the next calls wait, then go on as always. */
  delay(call: CallName, options: DelayOptions): void;
  /** Leaves the next calls without an answer. */
  drop(call: CallName, options?: DropOptions): void;
  /** Takes the whole network away, or brings it back: open connections are cut and new ones too. */
  offline(isOffline: boolean): void;
  /** Forgets all faults that have not happened yet, and goes back online. */
  clear(): void;
};

/** What is to happen to one call. */
export type Fault = { kind: "refuse"; code: GrpcCode } | { kind: "delay"; ms: number } | { kind: "drop"; drop: DropKind };

/** Hands each call the fault that is meant for it. */
export type TakeFault = (call: CallName) => Fault | undefined;

/** Keeps the faults that were asked for until the calls they are meant for come. */
export function createFaults(setOffline: (isOffline: boolean) => void): { faults: Faults; takeFault: TakeFault } {
  const waiting = new Map<CallName, { fault: Fault; left: number }[]>();

  function add(call: CallName, times: number, fault: Fault): void {
    if (!callNames.includes(call)) throw new RangeError(`There is no call named ${call}`);
    if (times !== Infinity && !(Number.isInteger(times) && times > 0)) {
      throw new RangeError(`times must be a positive integer or Infinity, not ${times}`);
    }
    waiting.set(call, [...(waiting.get(call) ?? []), { fault, left: times }]);
  }

  return {
    faults: {
      refuse(call, { times = 1, code = "UNAVAILABLE" } = {}) {
        if (!Object.hasOwn(grpcCodes, code)) throw new RangeError(`There is no gRPC status code ${code}`);
        add(call, times, { kind: "refuse", code });
      },
      delay(call, { times = 1, ms }) {
        if (!(ms >= 0)) throw new RangeError(`ms must be 0 or more, not ${ms}`);
        add(call, times, { kind: "delay", ms });
      },
      drop(call, { times = 1, kind = "cut" } = {}) {
        add(call, times, { kind: "drop", drop: kind });
      },
      offline: setOffline,
      clear() {
        waiting.clear();
        setOffline(false);
      },
    },
    takeFault(call) {
      const queue = waiting.get(call);
      const next = queue?.[0];
      if (queue === undefined || next === undefined) return undefined;
      next.left -= 1;
      if (next.left === 0) queue.shift();
      return next.fault;
    },
  };
}
