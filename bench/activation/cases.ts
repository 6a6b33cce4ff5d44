import type { BenchContext } from "../shared/context.ts";
import type { Result } from "../shared/result.ts";
import { run as runGuard } from "./guard.ts";
import { run as runMemory } from "./memory.ts";
import { run as runPasses } from "./passes.ts";
import { run as runRealLooks } from "./realLooks.ts";

/** What tracking ten thousand restored conversations costs, and one client of the real SDK beside it. */
export async function* run({ note }: BenchContext): AsyncGenerator<Result> {
  yield* runPasses();
  yield* runMemory();
  yield* runRealLooks(note);
  yield* runGuard();
}
