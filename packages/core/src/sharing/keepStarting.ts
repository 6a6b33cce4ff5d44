import { failureEvent } from "../logging/failureEvent.ts";
import { firstInRow } from "../logging/firstInRow.ts";
import { randomPart } from "../time/randomPart.ts";
import type { Backups } from "../backups.ts";
import { createLog } from "../logging/createLog.ts";
import { systemClock } from "../time/systemClock.ts";
import { backoffMs } from "../policy/rules/backoff.ts";
import type { Clock } from "../ports/clock.ts";
import { type Device, silentDevice } from "../ports/device.ts";
import type { Logger } from "../ports/logger.ts";

export type KeepStartingOptions = {
  /** Aborts when the backups are to start no more. */
  signal: AbortSignal;
  /** Tells when the machine wakes or is online again, which is worth a try. @default one that tells nothing */
  device?: Pick<Device, "watch">;
  /** @default the platform's */
  clock?: Pick<Clock, "setTimeout" | "clearTimeout">;
  /**
   * What hears of a start that fails, as `start.failed`, once until it works. False for nobody. @default one that gives `console.warn`
   * such failures
   */
  logger?: Logger | false;
};

/** After this many failures the pauses grow no more: sixteen minutes. */
const growing = 5;

/**
 * Starts backups where nobody awaits it, and tries again until it works. It tries when the device wakes or is online again, and after
 * pauses from one minute to sixteen. Resolves once they have started or `signal` aborts, and never rejects.
 *
 * @example
 * ```ts
 * import { type Backups, keepStarting } from "@xmtp-backup/core";
 *
 * function follow(backups: Backups) {
 *   const leaving = new AbortController();
 *   void keepStarting(backups, { signal: leaving.signal });
 *   return () => leaving.abort();
 * }
 * ```
 */
export async function keepStarting(
  backups: Pick<Backups, "start">,
  { signal, device = silentDevice, clock = systemClock, logger }: KeepStartingOptions,
): Promise<void> {
  const log = createLog(logger);
  const failed = firstInRow((error) => log("warn", failureEvent("start.failed", error)));
  /** Something happened during a try: the next one comes at once. */
  let isCalled = false;
  let wake = (): void => undefined;
  const call = () => {
    isCalled = true;
    wake();
  };

  async function pause(delayMs: number): Promise<void> {
    if (isCalled || signal.aborted) return;
    let timer: unknown;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = clock.setTimeout(resolve, delayMs);
    });
    clock.clearTimeout(timer);
  }

  const unwatch = device.watch((event) => (event === "changed" ? undefined : call()));
  signal.addEventListener("abort", call);
  try {
    for (let failures = 1; !signal.aborted; failures += 1) {
      isCalled = false;
      try {
        await backups.start();
        return;
      } catch (error) {
        if (!signal.aborted) failed([error]);
      }
      await pause(backoffMs(Math.min(failures, growing), randomPart()));
    }
  } finally {
    unwatch();
    signal.removeEventListener("abort", call);
  }
}
