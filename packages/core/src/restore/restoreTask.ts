import type { ArchivePreview } from "../archives/archivePreview.ts";
import type { RestoreStage } from "../tasks/stages.ts";
import type { Task } from "../tasks/task.ts";
import type { TaskState } from "../tasks/taskState.ts";
import type { RestoreResult } from "./restoreResult.ts";

export type RestoreState = TaskState<RestoreStage, RestoreResult, ArchivePreview>;

export type RestoreTask = Task<RestoreState, RestoreResult> & {
  /** Goes on after `awaitingConfirmation`; does nothing in any other state. */
  confirm(): void;
};
