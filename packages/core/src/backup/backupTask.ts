import type { BackupStage } from "../tasks/stages.ts";
import type { Task } from "../tasks/task.ts";
import type { TaskState } from "../tasks/taskState.ts";
import type { BackupOutput } from "./backupMachine.ts";

export type BackupState = TaskState<BackupStage, BackupOutput>;

export type BackupTask = Task<BackupState, BackupOutput>;
