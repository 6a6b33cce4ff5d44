import { spawnSync } from "node:child_process";
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Backups, type BackupTask, isBackupError, type RestoreTask } from "@xmtp-backup/core";
import { nodeHost } from "../../src/nodeHost.ts";
import { stateDirectoryOf } from "../../src/stateDirectoryOf.ts";
import type { Assignment, ChildReport, StopPoint } from "./assignment.ts";
import { backupsOf } from "./backupsOf.ts";
import { createPerson } from "./person.ts";

const assignment = JSON.parse(process.argv[2] ?? "") as Assignment;
const { networkUrl, privateKey, dbPath, places, stopAt, userId, largestFileBytes } = assignment;

if (userId !== undefined) {
  process.setgid?.(userId);
  process.setuid?.(userId);
}
const client = await createPerson(networkUrl, privateKey).openOn({ dbPath });
const backups = backupsOf(client, places, { host: nodeHost(client) });
const notePath = join(stateDirectoryOf(client), "task.json");

say(await perform().then((): ChildReport => ({ kind: "succeeded" }), toFailure));
process.exit(0);

async function perform(): Promise<unknown> {
  const task = await begin(backups);
  if (stopAt) stopWhenThere(task, stopAt);
  if (largestFileBytes !== undefined) limitOnceStoring(task, largestFileBytes);
  return task.result;
}

async function begin({ backup, list, restore }: Backups): Promise<BackupTask | RestoreTask> {
  if (assignment.task === "backup") return backup();
  const [newest] = await list();
  if (!newest) throw new Error("There is no archive to restore.");
  return restore(newest);
}

/** Freezes the whole process in the very moment, so that nothing of the task happens between it and the kill. */
function stopWhenThere(task: BackupTask | RestoreTask, { stage, when }: StopPoint): void {
  const look = () => {
    if (isThere(task, stage, when)) freeze();
  };
  task.subscribe(look);
  look();
  if (when !== "noted") return;
  const lookAgain = () => {
    look();
    setImmediate(lookAgain);
  };
  lookAgain();
}

function isThere(task: BackupTask | RestoreTask, stage: string, when: StopPoint["when"]): boolean {
  const state = task.getState();
  if (state.status !== "running" || state.stage !== stage) return false;
  if (when === "noted") return notedStage() === stage;
  const { progress } = state;
  return when === "entered" || (progress.kind === "determinate" && progress.done > 0 && progress.done < progress.total);
}

function notedStage(): unknown {
  try {
    return (JSON.parse(readFileSync(notePath, "utf8")) as { stage?: unknown }).stage;
  } catch {
    return undefined;
  }
}

function freeze(): void {
  say({ kind: "stopped", closing: backups.closing() });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** The limit of the operating system itself; the soft one only, and Node turns its signal into the error EFBIG. */
function limitOnceStoring(task: BackupTask | RestoreTask, bytes: number): void {
  const limit = (value: string) => {
    const { status } = spawnSync("prlimit", [`--pid=${process.pid}`, `--fsize=${value}:`]);
    if (status !== 0) throw new Error("prlimit could not limit the size of files.");
  };
  task.subscribe(() => {
    const state = task.getState();
    if (state.status === "running" && state.stage === "storing" && state.progress.kind === "indeterminate") limit(String(bytes));
    if (state.status === "failed") limit("unlimited");
  });
}

function toFailure(error: unknown): ChildReport {
  const message = error instanceof Error ? error.message : String(error);
  return isBackupError(error) ? { kind: "failed", code: error.code, retryable: error.retryable, message } : { kind: "failed", code: "NONE", retryable: false, message };
}

function say(report: ChildReport): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}
