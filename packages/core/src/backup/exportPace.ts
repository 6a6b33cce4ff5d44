import { cancelledReason } from "../errors/cancelledReason.ts";
import type { BackupPriority } from "../ports/backupPriority.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";

/** How many exports run side by side, and what comes between two of them. */
export type ExportPace = {
  atOnce: number;
  /** Waits before the next export; `begin` is called before one, and gives what is called after it. */
  begin(): (options: CallOptions) => Promise<void>;
};

/** A machine that slept during an export needs no rest of that length. */
const longestRestMs = 60_000;

/**
 * The pace of a priority. At a low one exports run one at a time, and each is followed by a rest of its own length. So half of the time, and
 * all but one of the SDK's threads, are the app's.
 */
export function exportPace(
  { host, clock, steadyMs = () => undefined }: Pick<Dependencies, "host" | "clock" | "steadyMs">,
  priority: BackupPriority = "normal",
): ExportPace {
  if (priority === "normal") return { atOnce: Math.max(1, host.features.parallelExports), begin: () => async () => undefined };
  return {
    atOnce: 1,
    begin() {
      const beganMs = steadyMs();
      return async ({ signal }) => {
        const endedMs = steadyMs();
        if (beganMs === undefined || endedMs === undefined || endedMs <= beganMs) return;
        await rest(clock, Math.min(endedMs - beganMs, longestRestMs), signal);
      };
    },
  };
}

function rest(clock: Dependencies["clock"], restMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clock.clearTimeout(timer);
      reject(signal?.reason ?? cancelledReason());
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener("abort", end);
      resolve();
    }, restMs);
    if (signal?.aborted) end();
    else signal?.addEventListener("abort", end, { once: true });
  });
}
