import { type BackupErrorCode, errorCodes } from "../../errors/errorCodes.ts";
import { policyTimes } from "./policyTimes.ts";

/** How much of a delay chance may take off, so that many clients that failed together do not come back together. */
const spread = 0.2;

/**
 * How long to wait after the n-th failure in a row: one minute, doubling up to six hours.
 *
 * @param jitter - a random number from 0 to 1, which shortens the delay by up to a fifth
 */
export function backoffMs(failures: number, jitter: number): number {
  const delayMs = Math.min(policyTimes.shortestBackoffMs * 2 ** Math.max(0, failures - 1), policyTimes.longestBackoffMs);
  return Math.round(delayMs * (1 - spread * jitter));
}

/** These end with the process that met them; the next one can simply try. */
const passing: readonly BackupErrorCode[] = ["CLIENT_CLOSED"];

/** Whether trying again is of no use until somebody changes something; an unknown failure may pass. */
export function isPermanent(code: string | undefined): boolean {
  if (code === undefined || !Object.hasOwn(errorCodes, code)) return false;
  const known = code as BackupErrorCode;
  return !errorCodes[known].retryable && !passing.includes(known);
}
