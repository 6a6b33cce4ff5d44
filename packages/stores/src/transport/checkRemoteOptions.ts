import { BackupError } from "@xmtp-backup/core";
import type { RemoteOptions } from "./remoteOptions.ts";

/** The longest time that timers know. */
const maxTimeoutMs = 2 ** 31 - 1;

/** @throws OPTIONS_INVALID when one of them is wrong; the text names it, and not what it held */
export function checkRemoteOptions({ credentials, timeoutMs, retries, retryDelayMs, fetch }: RemoteOptions): void {
  check(credentials === undefined || typeof credentials === "function", "credentials is a function that gives headers");
  check(fetch === undefined || typeof fetch === "function", "fetch is a function");
  check(
    timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= maxTimeoutMs),
    `timeoutMs is above 0 and at most ${maxTimeoutMs} milliseconds`,
  );
  check(
    retries === undefined || retries === Infinity || (Number.isSafeInteger(retries) && retries >= 0),
    "retries is a whole number, 0 or more",
  );
  check(
    retryDelayMs === undefined || (retryDelayMs >= 0 && retryDelayMs <= maxTimeoutMs),
    `retryDelayMs is at least 0 and at most ${maxTimeoutMs} milliseconds`,
  );
}

/** @throws OPTIONS_INVALID when it is no size of a piece */
export function checkPieceBytes(name: string, bytes: number): void {
  check(Number.isSafeInteger(bytes) && bytes > 0, `${name} is a whole number of bytes above 0`);
}

function check(isValid: boolean, rule: string): void {
  if (!isValid) throw new BackupError("OPTIONS_INVALID", `An option of the store is wrong: ${rule}.`);
}
