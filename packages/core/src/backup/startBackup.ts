import type { BackupOptions } from "./backupOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { RetentionPolicy } from "../retention/retentionScope.ts";
import type { BackupOutput } from "./backupMachine.ts";
import type { BackupTrigger } from "../archives/archiveEntry.ts";
import type { BackupStage } from "../tasks/taskState.ts";
import type { Activation } from "../activation/activation.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import { logTask } from "../tasks/logTask.ts";
import { startTask } from "../tasks/startTask.ts";
import type { BackupTask } from "../tasks/task.ts";

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
