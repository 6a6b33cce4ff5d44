import { spawnSync } from "node:child_process";
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type Backups, type BackupTask, isBackupError, type RestoreTask, type RunningTask } from "@xmtp-backup/core";
import { nodeHost } from "../../src/host/nodeHost.ts";
import { stateDirectoryOf } from "../../src/host/stateDirectoryOf.ts";
import type { Assignment, ChildReport, StopPoint } from "./assignment.ts";
import { backupsOf } from "./backupsOf.ts";
import { closeClient } from "./closeClient.ts";
import { createPerson } from "./person.ts";

/** So that no frozen process outlives a test run that was itself killed. */
const forgottenAfterMs = 60_000;

const assignment = JSON.parse(process.argv[2] ?? "") as Assignment;
const { networkUrl, privateKey, dbPath, places, stopAt, userId, fileLimit } = assignment;

if (userId !== undefined) {
  process.setgid?.(userId);
  process.setuid?.(userId);
}
const client = await createPerson(networkUrl, privateKey).openOn({ dbPath });
const backups = backupsOf(client, places, { host: nodeHost(client) });
const notePath = join(stateDirectoryOf(client), client.inboxId, client.installationId, "task.json");

say(await perform().then((): ChildReport => ({ kind: "succeeded" }), toFailure));
if (!assignment.endByItself) process.exit(0);
backups.stop();
await closeClient(client);

async function perform(): Promise<unknown> {
  const { task } = await begin(backups);
  if (stopAt) stopWhenThere(task, stopAt);
  if (fileLimit) limitFiles(task, fileLimit);
  return task.result;
}

async function begin({ backup, list, restore }: Backups): Promise<RunningTask> {
  if (assignment.task === "backup") return { kind: "backup", task: backup({ fresh: assignment.fresh ?? false }) };
  const [newest] = await list();
  if (!newest) throw new Error("There is no archive to restore.");
  return { kind: "restore", task: restore(newest, { confirm: stopAt?.stage === "awaitingConfirmation" }) };
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
  if (state.status !== "running") return state.status === stage;
  if (state.stage !== stage) return false;
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
  say({ kind: "stopped", closing: backups.closingAdvice() });
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, forgottenAfterMs);
  process.exit(1);
}

/** The operating system's own limit; Node turns its signal into the error EFBIG. It ends with the task, so that the client can close. */
function limitFiles(task: BackupTask | RestoreTask, { from, bytes }: NonNullable<Assignment["fileLimit"]>): void {
  let isLimited = false;
  const limit = (value: string) => {
    const { status } = spawnSync("prlimit", [`--pid=${process.pid}`, `--fsize=${value}:`]);
    if (status !== 0) throw new Error("prlimit could not limit the size of files.");
  };
  task.subscribe(() => {
    const state = task.getState();
    if (!isLimited && state.status === "running" && state.stage === from) limit(String(bytes));
    isLimited ||= state.status === "running" && state.stage === from;
    if (state.status !== "running") limit("unlimited");
  });
}

function toFailure(error: unknown): ChildReport {
  const message = error instanceof Error ? error.message : String(error);
  return isBackupError(error)
    ? { kind: "failed", code: error.code, retryable: error.retryable, message }
    : { kind: "failed", code: "NONE", retryable: false, message };
}

function say(report: ChildReport): void {
  writeSync(1, `${JSON.stringify(report)}\n`);
}
