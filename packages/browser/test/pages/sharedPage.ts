// The script of tabs that share the backups of one person: the SDK's database, store, keys, journal and lock are those of the origin.
import { createBackups, generateArchiveKey, type InterruptedTask, isBackupError, type Restored } from "@xmtp-backup/core";
import type { Client } from "@xmtp/browser-sdk";
import { filter, firstValueFrom } from "rxjs";
import type { Hex } from "viem";
import { archiveOf } from "../../../node/test/support/archiveOf.ts";
import { browserHost } from "../../src/host/browserHost.ts";
import { indexedDbKeys } from "../../src/keys/indexedDbKeys.ts";
import { opfsStore } from "../../src/store/opfsStore.ts";
import { type SharedBackups, shareBackups, type TabRole } from "../../src/tabs/shareBackups.ts";
import { holdSecond } from "./holdSecond.ts";
import { openClient } from "./openClient.ts";

let backups: SharedBackups;
let client: Client | undefined;
let task: ReturnType<SharedBackups["backup"]> | ReturnType<SharedBackups["restore"]> | undefined;

export function join(url: string, privateKey: Hex): void {
  backups = shareBackups({
    name: privateKey.slice(-8),
    async open() {
      const opened = await openClient(url, privateKey);
      client = opened;
      return {
        backups: createBackups({ host: browserHost(opened), store: opfsStore(), keys: indexedDbKeys() }),
        close: () => opened.close(),
      };
    },
  });
}

/** Waits until this tab has the role, and says whether it holds a client. */
export async function becomes(role: TabRole): Promise<boolean> {
  await firstValueFrom(backups.role$.pipe(filter((each) => each === role)));
  return client !== undefined;
}

export const inboxId = (): string => client?.inboxId ?? "";

/** Brings so many messages of that size into two groups of an inbox, from bytes and a key that only this tab has. */
export async function fill(inboxId: string, messages: number, bytes: number): Promise<Restored> {
  const key = generateArchiveKey();
  const sizes = Array.from({ length: messages / 2 }, () => bytes);
  return (await backups.restore(await archiveOf(inboxId, [sizes, sizes], key), { key }).result).messages;
}

/** Backs up, and says what stages were seen. */
export async function backUp(name: string): Promise<string[]> {
  const running = backups.backup({ name });
  const stages = new Set<string>();
  running.state$.subscribe((state) => stages.add(state.status === "running" ? state.stage : state.status));
  await running.result;
  return [...stages];
}

export const names = async (): Promise<(string | undefined)[]> => (await backups.list()).map(({ details }) => details?.name);

export async function renameNewest(name: string): Promise<void> {
  const [newest] = await backups.list();
  if (newest) await backups.rename(newest.id, name);
}

export function beginBackup(name: string): void {
  task = backups.backup({ name });
}

export async function beginRestore(): Promise<void> {
  const [newest] = await backups.list();
  if (newest) task = backups.restore(newest);
}

/** Waits until the task that runs, whoever began it, has done a part of this stage, but not all of it. */
export async function isHalfway(stage: string): Promise<void> {
  await firstValueFrom(backups.status$.pipe(filter(() => backups.current() !== undefined)));
  const running = backups.current()?.task;
  await new Promise<void>((resolve) => {
    const look = () => {
      const state = running?.getState();
      if (state?.status !== "running" || state.stage !== stage) return;
      const { progress } = state;
      if (progress.kind === "determinate" && progress.done > 0 && progress.done < progress.total) resolve();
    };
    running?.subscribe(look);
    look();
  });
}

/** How the task that this tab began has ended. */
export const outcome = async (): Promise<string> => (task ? task.result.then(() => "succeeded", codeOf) : "none");

export async function restoreNewest(): Promise<Restored> {
  const [newest] = await backups.list();
  if (!newest) throw new Error("There is no archive.");
  return (await backups.restore(newest).result).messages;
}

/** What was interrupted before this tab, or another, took over. */
export const interrupted = async (): Promise<InterruptedTask | undefined> => {
  return (await firstValueFrom(backups.status$.pipe(filter((status) => status.interrupted !== undefined)))).interrupted;
};

/** The store's first write goes through; the next one is not answered. */
export function holdStore(): void {
  holdSecond(FileSystemWritableFileStream.prototype, "write", { stage: "storing", current: () => backups.current() });
}

/** The SDK imports one chunk; the next one is not answered. */
export function holdImport(): void {
  if (client) holdSecond(client, "importArchive", { stage: "importing", current: () => backups.current() });
}

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));
