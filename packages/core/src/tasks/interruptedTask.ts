import type { ArchiveId } from "../ports/archiveId.ts";
import type { BackupStage, RestoreStage } from "./stages.ts";

/** Work that an earlier process began and did not finish. */
export type InterruptedTask = {
  kind: "backup" | "restore";
  taskId: string;
  stage: BackupStage | RestoreStage;
  startedAtMs: number;
  /** The archive that was being made or restored; absent when a bare file was restored. */
  archiveId?: ArchiveId;
};
