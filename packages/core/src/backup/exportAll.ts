import type { CallOptions } from "../ports/callOptions.ts";
import type { ExportPace } from "./exportPace.ts";

/**
 * Runs the exports of a backup side by side, as its pace allows. All that have begun end before this does, whether they fail or not.
 *
 * @throws what the first of them failed with
 */
export async function exportAll<T>(
  parts: readonly T[],
  { atOnce, begin }: ExportPace,
  exportOne: (part: T) => Promise<void>,
  options: CallOptions,
): Promise<void> {
  const queue = parts.map((part) => ({ part }));
  let hasFailed = false;

  async function work(): Promise<void> {
    for (let next = queue.shift(); next && !hasFailed; next = queue.shift()) {
      const rest = begin();
      try {
        await exportOne(next.part);
        if (queue.length > 0) await rest(options);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }

  const workers = await Promise.allSettled(Array.from({ length: atOnce }, work));
  const failure = workers.find((worker) => worker.status === "rejected");
  if (failure) throw failure.reason;
}
