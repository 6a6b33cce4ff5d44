import { type ArchiveId, untilAborted } from "@xmtp-backup/core";
import { repair, type RepairOptions, type RepairParts } from "./repair.ts";
import type { RepairReport } from "./repairReport.ts";

export type Repairs = ReturnType<typeof createRepairs>;

/** One repair at a time, which leaves alone what is changed while it runs: what it knows of it is no longer true. */
export function createRepairs(
  parts: Omit<RepairParts, "isChanged">,
  { restMs, now, signal }: { restMs: number; now: () => number; signal: AbortSignal | undefined },
) {
  let changed = new Set<ArchiveId>();
  let running: Promise<RepairReport> | undefined;
  let endedAtMs = -Infinity;

  /** Who asks for another waits for the one that runs, and has its own where that one was given up. */
  async function run(options: RepairOptions): Promise<RepairReport> {
    while (running) {
      const report = await untilAborted(
        running.catch(() => undefined),
        options,
      );
      if (report) return report;
    }
    options.signal?.throwIfAborted();
    changed = new Set();
    running = repair({ ...parts, isChanged: (id) => changed.has(id) }, options).finally(() => {
      running = undefined;
      endedAtMs = now();
    });
    return running;
  }

  return {
    run,
    /** Begins one that nobody waits for, unless one has just ended: what it could not do then waits. */
    begin() {
      if (running || signal?.aborted || now() - endedAtMs < restMs) return;
      run({ signal }).catch(() => {});
    },
    /** An archive was changed, or something of it. */
    noteChange(id: ArchiveId) {
      if (running) changed.add(id);
    },
  };
}
