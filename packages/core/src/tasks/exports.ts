export type { ClosingAdvice } from "./closingAdvice.ts";
export { fromTask, type TaskFunction, type TaskLogic, type TaskTools } from "./fromTask.ts";
export type { InterruptedTask } from "./interruptedTask.ts";
export type { Progress, ProgressUnit } from "./progress.ts";
export type { BackupStage, RestoreStage } from "./stages.ts";
export type { Task } from "./task.ts";
export type { TaskState } from "./taskState.ts";
