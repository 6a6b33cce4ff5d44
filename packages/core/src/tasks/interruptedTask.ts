import type { ArchiveId } from "../archives/archiveEntry.ts";
import type { BackupStage, RestoreStage } from "./taskState.ts";

/** Work that an earlier process began and did not finish. */
export type InterruptedTask = {
  kind: "backup" | "restore";
  taskId: string;
  stage: BackupStage | RestoreStage;
  startedAtMs: number;
  /** The archive that was being made or restored; absent when a bare file was restored. */
  archiveId?: ArchiveId;
};

/** Whether the app can close now, and what closing would stop; `describeClosing` says it in words. */
export type ClosingAdvice =
  | { safe: true }
  | { safe: false; losing: "backup" }
  | {
      safe: false;
      losing: "restore";
      /** It has begun to add messages to the client. */
      hasBegun: boolean;
    };
