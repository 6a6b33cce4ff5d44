import { failureEvent } from "../logging/failureEvent.ts";
import type { LogEvent } from "../ports/logger.ts";
import type { BackupOptions } from "./backupOptions.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { BackupRules } from "./backupRules.ts";
import type { BackupOutput } from "./backupMachine.ts";
import type { BackupTrigger } from "../ports/backupTrigger.ts";
import type { BackupStage } from "../tasks/stages.ts";
import type { Activation } from "../activation/createActivation.ts";
import { loadOnce } from "../tasks/loadOnce.ts";
import { logTask } from "../tasks/logTask.ts";
import { startTask } from "../tasks/startTask.ts";
import type { BackupTask } from "./backupTask.ts";

const loadWork = loadOnce("makes archives", () => import("./createBackupWork.ts"));

/** How a backup is begun: beside another task, which it is refused for, and by what: nobody waits for one that is automatic. */
export type BackupBeginning = { isBusy: boolean; trigger: BackupTrigger; isAutomatic?: boolean };

/** Runs one backup as a task. */
export function startBackup(
  dependencies: Dependencies,
  rules: BackupRules,
  options: BackupOptions,
  { isBusy, ...begun }: BackupBeginning,
  activation: Pick<Activation, "recall">,
): BackupTask {
  const taskId = crypto.randomUUID();
  const archiveId = crypto.randomUUID();
  const task = { kind: "backup", taskId, startedAtMs: dependencies.clock.now(), archiveId } as const;
  const started = startTask<BackupStage, BackupOutput, never>(taskId, async () => {
    const { createBackupWork } = await loadWork();
    return createBackupWork(dependencies, { task, archiveId, options, rules, isBusy }, activation);
  });
  const logMore = (output: BackupOutput) => logPruned(dependencies, taskId, output);
  logTask(dependencies, { kind: "backup", task: started, countsOf, logMore }, { archiveId, ...begun });
  return started;
}

function countsOf({ entry: { sizeBytes, details } }: BackupOutput): Partial<LogEvent> {
  return { sizeBytes, ...(details && { messages: details.counts.messages }) };
}

function logPruned({ log }: Pick<Dependencies, "log">, taskId: string, { prunedIds, pruneError }: BackupOutput): void {
  if (prunedIds.length > 0) log("info", { event: "archives.pruned", taskId, archiveIds: prunedIds });
  if (pruneError) log("warn", failureEvent("archives.unpruned", pruneError, { taskId }));
}
