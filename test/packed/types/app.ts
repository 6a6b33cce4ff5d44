// What an app writes with types, on its own RxJS and XState: it has to compile as it stands, without `skipLibCheck`.
import { backupMachine, BackupError, type Backups, type BackupStatus, isBackupError, restoreMachine } from "@xmtp-backup/core";
import { firstValueFrom, map, type Observable } from "rxjs";
import { type ActorRefFrom, createActor, type SnapshotFrom } from "xstate";

export const nextRunOf = (backups: Backups): Observable<number | undefined> => backups.status$.pipe(map((status) => status.nextRun?.atMs));

export const statusOf = (backups: Backups): Promise<BackupStatus> => firstValueFrom(backups.status$);

export const codeOf = (error: unknown): string | undefined =>
  isBackupError(error) ? error.code : error instanceof BackupError ? error.shortMessage : undefined;

export function watchBackup(archiveId: string): ActorRefFrom<typeof backupMachine> {
  const actor = createActor(backupMachine, { input: { archiveId } });
  actor.subscribe((snapshot: SnapshotFrom<typeof backupMachine>) => void snapshot.matches({ making: "exporting" }));
  return actor;
}

export const restoreStages = Object.keys(restoreMachine.states);
