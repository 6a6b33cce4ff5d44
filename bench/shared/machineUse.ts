import { type CpuTimes, readCpuTimes } from "./cpuTimes.ts";
import { median } from "./figure.ts";

/** What the machine did beside the bench while a case ran. */
export type MachineUse = {
  /** The part of all cores' time that went to other processes and, on a virtual machine, to its neighbours. Absent where nobody can tell. */
  othersShare?: number;
  /** How long a fixed loop took, beside its best time in this run. */
  slowdown: number;
  /** A figure of a busy machine says less. */
  isBusy: boolean;
};

const busyShare = 0.1;
const busySlowdown = 1.25;
const loops = 5;
let bestLoopMs = Infinity;

/** Starts to watch the machine; each `read` tells what was since the last one. */
export function watchMachine(): { read(): MachineUse } {
  let before = readCpuTimes();
  let loopBeforeMs = loopMs();
  return {
    read() {
      const now = readCpuTimes();
      const loopNowMs = loopMs();
      const slowdown = round(Math.max(loopBeforeMs, loopNowMs) / bestLoopMs);
      const othersShare = before && now && shareOfOthers(before, now);
      [before, loopBeforeMs] = [now, loopNowMs];
      const isBusy = slowdown > busySlowdown || (othersShare ?? 0) > busyShare;
      return { ...(othersShare !== undefined && { othersShare }), slowdown, isBusy };
    },
  };
}

/** Undefined where too little time has passed to tell. */
function shareOfOthers(before: CpuTimes, now: CpuTimes): number | undefined {
  const total = now.total - before.total;
  if (total < 20) return undefined;
  const others = now.busy - before.busy - (now.own - before.own);
  return round(Math.max(0, others + now.stolen - before.stolen) / total);
}

function loopMs(): number {
  const ms = median(Array.from({ length: loops }, oneLoopMs));
  bestLoopMs = Math.min(bestLoopMs, ms);
  return ms;
}

function oneLoopMs(): number {
  const startMs = performance.now();
  let state = 1;
  for (let step = 0; step < 5_000_000; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  // The sum is used, so that no engine leaves the loop out.
  return performance.now() - startMs + (state === 0 ? 1 : 0);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
