import type { Progress } from "./progress.ts";

/** What a stage is given while it runs. */
export type StageTools = { signal: AbortSignal; report(progress: Progress): void };
