import { minuteMs } from "../../time/wallTime.ts";
import { policyTimes } from "./policyTimes.ts";

/** Timers fire late by less than this while the machine is awake. */
const latenessMs = minuteMs;

/** How long to set the next timer for: up to the moment waited for, but never longer than one step. */
export function boundedWait(nowMs: number, untilMs?: number): number {
  return untilMs === undefined ? policyTimes.longestStepMs : Math.min(Math.max(0, untilMs - nowMs), policyTimes.longestStepMs);
}

/**
 * What a timer shows about the time it took: nothing, that the machine slept meanwhile, or that its clock was set back.
 *
 * @param setAtMs - the clock when the timer was set
 * @param nowMs - the clock when it fired
 */
export function readTimer(setAtMs: number, delayMs: number, nowMs: number): "onTime" | "slept" | "setBack" {
  const lateMs = nowMs - setAtMs - delayMs;
  if (lateMs > latenessMs) return "slept";
  return lateMs < -latenessMs ? "setBack" : "onTime";
}
