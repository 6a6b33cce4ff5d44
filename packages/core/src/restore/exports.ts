export { type RestoreEvent, type RestoreInput, restoreMachine } from "./restoreMachine.ts";
export type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";
export { type Restored, type RestoreLimit, restoreLimits, type RestoreResult } from "./restoreResult.ts";
export type { RestoreState, RestoreTask } from "./restoreTask.ts";
export { recommendRestore, type RestoreFacts, type RestoreGoal } from "./rules/recommendRestore.ts";
export type { RestorableArchive } from "./rules/restorableArchives.ts";
export type { RestoreReason, RestoreRecommendation, RestoreRoute, RestoreStep } from "./rules/restoreRecommendation.ts";
