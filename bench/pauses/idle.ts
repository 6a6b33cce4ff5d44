import { setTimeout as wait } from "node:timers/promises";
import { type Run, timed } from "../shared/timed.ts";

const idleMs = 3_000;

/** What the machine alone does to the event loop, while nothing runs in it. */
export async function idleRuns(rounds: number): Promise<Run[]> {
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round += 1) runs.push(await timed(() => wait(idleMs)));
  return runs;
}
