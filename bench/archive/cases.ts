import type { Result } from "../result.ts";
import { run as runMemory } from "./memory.ts";
import { run as runSdkRatios } from "./sdkRatios.ts";
import { run as runSpeed } from "./speed.ts";

/** What is promised of archives: how fast, in how much memory, and beside the SDK's raw calls. */
export async function* run(note: (line: string) => void): AsyncGenerator<Result> {
  yield* runSpeed(note);
  yield* runMemory(note);
  yield* runSdkRatios(note);
}
