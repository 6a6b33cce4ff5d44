import type { BenchContext } from "../shared/context.ts";
import type { Result } from "../shared/result.ts";
import { run as runMemory } from "./memory.ts";
import { run as runSpeed } from "./speed.ts";

/** What is promised of archives: how fast, and in how much memory. */
export async function* run(context: BenchContext): AsyncGenerator<Result> {
  yield* runSpeed(context);
  yield* runMemory(context);
}
