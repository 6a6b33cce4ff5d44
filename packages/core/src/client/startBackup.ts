import type { BackupOptions } from "../actors/backupOptions.ts";
import type { Dependencies } from "../actors/dependencies.ts";
import type { RetentionPolicy } from "../actors/retentionScope.ts";
import type { BackupOutput } from "../machines/backupMachine.ts";
import type { BackupStage } from "../model/task.ts";
import type { Activation } from "./activation.ts";
import { loadOnce } from "./loadOnce.ts";
import { startTask } from "./startTask.ts";
import type { BackupTask } from "./task.ts";

const loadWork = loadOnce("makes archives", () => import("./backupWork.ts"));

/** Runs one backup as a task. */
export function startBackup(dependencies: Dependencies, retention: RetentionPolicy, options: BackupOptions, isBusy: boolean, activation: Pick<Activation, "recall">): BackupTask {
  const taskId = crypto.randomUUID();
  const archiveId = crypto.randomUUID();
  const task = { kind: "backup", taskId, startedAtMs: dependencies.clock.now(), archiveId } as const;
  return startTask<BackupStage, BackupOutput, never>(taskId, async () => {
    const { createBackupWork } = await loadWork();
    return createBackupWork(dependencies, { task, archiveId, options, retention, isBusy }, activation);
  });
}
