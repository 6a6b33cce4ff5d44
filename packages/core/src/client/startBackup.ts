import type { BackupOptions } from "../actors/backupOptions.ts";
import type { Dependencies } from "../actors/dependencies.ts";
import type { RetentionPolicy } from "../actors/retentionScope.ts";
import type { BackupOutput } from "../machines/backupMachine.ts";
import type { BackupTrigger } from "../model/archiveEntry.ts";
import type { BackupStage } from "../model/task.ts";
import type { Activation } from "./activation.ts";
import { loadOnce } from "./loadOnce.ts";
import { logTask } from "./logTask.ts";
import { startTask } from "./startTask.ts";
import type { BackupTask } from "./task.ts";

const loadWork = loadOnce("makes archives", () => import("./backupWork.ts"));

/** How a backup is begun: beside another task, which it is refused for, and by what: nobody waits for one that is automatic. */
export type BackupBeginning = { isBusy: boolean; trigger: BackupTrigger; isAutomatic?: boolean };

/** Runs one backup as a task. */
export function startBackup(dependencies: Dependencies, retention: RetentionPolicy, options: BackupOptions, { isBusy, ...begun }: BackupBeginning, activation: Pick<Activation, "recall">): BackupTask {
  const taskId = crypto.randomUUID();
  const archiveId = crypto.randomUUID();
  const task = { kind: "backup", taskId, startedAtMs: dependencies.clock.now(), archiveId } as const;
  const started = startTask<BackupStage, BackupOutput, never>(taskId, async () => {
    const { createBackupWork } = await loadWork();
    return createBackupWork(dependencies, { task, archiveId, options, retention, isBusy }, activation);
  });
  logTask(dependencies, { kind: "backup", task: started }, { archiveId, ...begun });
  return started;
}
