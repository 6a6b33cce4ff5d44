// The script of tabs that share backups over clients in memory, one in each, with one store and one journal for all.
import { BackupError, type BackupStatus, createBackups, isBackupError } from "@xmtp-backup/core";
import { type FakeHost, fakeHost, fakeInbox, memoryKeys } from "@xmtp-backup/testing";
import { filter, firstValueFrom } from "rxjs";
import { browserDevice } from "../../src/device/browserDevice.ts";
import { indexedDbJournal } from "../../src/state/indexedDbJournal.ts";
import { opfsStore } from "../../src/store/opfsStore.ts";
import { type SharedBackups, shareBackups, type TabRole } from "../../src/tabs/shareBackups.ts";
import { webLock } from "../../src/state/webLock.ts";

let backups: SharedBackups;
let host: FakeHost;
let isObserverEnded = false;
const opened = { times: 0, closed: 0 };
const roles: TabRole[] = [];
const statuses: BackupStatus[] = [];
const deviceEvents: string[] = [];

/** How many times `start` of the backups themselves was called. */
let starts = 0;

/** `failing` says how many times the client can't be opened, `failingStarts` how many times the backups can't start. */
export function join({
  failing = 0,
  failingStarts = 0,
  answerWithinMs = 10_000,
}: {
  failing?: number;
  failingStarts?: number;
  answerWithinMs?: number;
} = {}): void {
  host = fakeHost({
    inbox: fakeInbox(),
    installationId: "1".repeat(64),
    journal: indexedDbJournal({ database: "journal" }),
    lock: webLock(),
  });
  const keys = memoryKeys(new Uint8Array(32).fill(7));
  backups = shareBackups({
    name: "alice",
    answerWithinMs,
    async open() {
      opened.times += 1;
      if (opened.times <= failing) throw new BackupError("CLIENT_CLOSED", "The user did not sign.");
      const made = createBackups({ host, store: opfsStore(), keys, policy: { frequency: "never" } });
      const start = async () => {
        starts += 1;
        if (starts <= failingStarts) throw new BackupError("HOST_FAILED", "The network is down.");
        return made.start();
      };
      return { backups: { ...made, start }, close: () => void (opened.closed += 1) };
    },
  });
  const ended = () => (isObserverEnded = true);
  backups.role$.subscribe((role) => roles.push(role));
  backups.status$.subscribe({ next: (status) => statuses.push(status), error: ended, complete: ended });
}

/** Waits until this tab has the role, and says which ones it had. */
export async function becomes(role: TabRole): Promise<TabRole[]> {
  await firstValueFrom(backups.role$.pipe(filter((each) => each === role)));
  return roles;
}

export const opens = (): typeof opened => opened;

export const start = async (): Promise<string> => backups.start().then((interrupted) => interrupted?.kind ?? "nothing", codeOf);

/** Waits until the leading tab has started the policy, and says how many times this one began to. */
export async function follows(): Promise<number> {
  await firstValueFrom(backups.status$.pipe(filter(({ isStarted }) => isStarted === true)));
  return starts;
}

export const triedToStart = (): number => starts;

/** What a page that shares its backups is refused. */
export function misjoin(options: Record<string, unknown>): string {
  try {
    shareBackups({ name: "bob", open: () => Promise.reject(new Error("Never opened.")), ...options });
    return "nothing was refused";
  } catch (error) {
    return codeOf(error);
  }
}

export const stop = (): Promise<void> => backups.stop();

/** Keeps the next backup of this tab's client in its first stage, until `go`. */
export function hold(): void {
  release = host.failures.holdNext("exportArchive");
}
let release: (() => void) | undefined;
export const go = (): void => release?.();

let task: ReturnType<SharedBackups["backup"]> | undefined;

export function beginBackup(name: string): void {
  task = backups.backup({ name });
}

/** How the backup that this tab began has ended. */
export const outcome = async (): Promise<string> => (task ? task.result.then(({ entry }) => entry.details?.name ?? "", codeOf) : "none");

/** Waits until a backup runs, whoever began it, and is in this stage. */
export async function reaches(stage: string): Promise<void> {
  await firstValueFrom(backups.status$.pipe(filter(() => backups.current()?.kind === "backup")));
  const running = backups.current();
  if (running?.kind === "backup")
    await firstValueFrom(running.task.state$.pipe(filter((state) => state.status === "running" && state.stage === stage)));
}

export const cancelCurrent = async (): Promise<void> => backups.current()?.task.cancel();

export const names = async (): Promise<(string | undefined)[]> => (await backups.list()).map(({ details }) => details?.name);

export async function renameNewest(name: string): Promise<void> {
  const [newest] = await backups.list();
  if (newest) await backups.rename(newest.id, name);
}

export const listing = async (): Promise<string> => backups.list().then(() => "listed", codeOf);

export const status = async (): Promise<BackupStatus> => firstValueFrom(backups.status$);

/** Waits until the status says what was interrupted. */
export async function interrupted(): Promise<string | undefined> {
  const { interrupted } = await firstValueFrom(backups.status$.pipe(filter((each) => each.interrupted !== undefined)));
  return interrupted?.kind;
}

/** Whether the status was ever empty again after it had said something of the policy, and whether it has ended. */
export const observed = () => ({ hasEnded: isObserverEnded, kinds: [...new Set(statuses.map(({ running }) => running ?? "idle"))] });

export const closingAdvice = () => backups.closingAdvice();

export function watchDevice(): void {
  browserDevice().watch((event) => deviceEvents.push(event));
}
export const heardOfDevice = (): string[] => deviceEvents;

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));
