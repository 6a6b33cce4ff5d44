// The script of a page: contracts of what needs no XMTP client.
import {
  archiveStoreContract,
  deviceContract,
  journalContract,
  keptArchivesContract,
  keyStoreContract,
  lockContract,
  storeDocumentsContract,
} from "@xmtp-backup/testing";
import { isBackupError, type KeptArchives } from "@xmtp-backup/core";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { opfsSetUp } from "./opfsSetUp.ts";
import { browserDevice } from "../../src/device/browserDevice.ts";
import { guardPage } from "../../src/tabs/guardPage.ts";
import { indexedDbJournal } from "../../src/state/indexedDbJournal.ts";
import { indexedDbKeys } from "../../src/keys/indexedDbKeys.ts";
import { keptFiles } from "../../src/state/keptFiles.ts";
import { keyValueDatabase } from "../../src/state/keyValueDatabase.ts";
import { opfsStore } from "../../src/store/opfsStore.ts";
import { persistStorage, type StorageReport } from "../../src/device/persistStorage.ts";
import { webLock } from "../../src/state/webLock.ts";

export const runCase = runCaseOf({
  indexedDbJournal: () =>
    journalContract(async () => {
      const database = crypto.randomUUID();
      const reopen = () => indexedDbJournal({ database });
      return { journal: reopen(), reopen, dispose: () => deleteDatabase(database) };
    }),
  indexedDbKeys: () =>
    keyStoreContract(async () => {
      const database = crypto.randomUUID();
      const reopen = () => indexedDbKeys({ database });
      return { keys: reopen(), reopen, dispose: () => deleteDatabase(database) };
    }),
  keptFiles: () =>
    keptArchivesContract(async () => {
      const directory = crypto.randomUUID();
      const reopen = () => keptFilesIn(directory);
      return {
        kept: reopen(),
        reopen,
        dispose: async () => (await navigator.storage.getDirectory()).removeEntry(directory, { recursive: true }),
      };
    }),
  opfsStore: () => archiveStoreContract(opfsSetUp),
  "opfsStore's documents": () => storeDocumentsContract(opfsSetUp),
  browserDevice: () =>
    deviceContract(async () => ({
      device: browserDevice(),
      happen: async () => void dispatchEvent(new Event("online")),
    })),
  webLock: () =>
    lockContract(async () => {
      const prefix = crypto.randomUUID();
      const reopen = () => webLock({ prefix });
      return { lock: reopen(), reopen };
    }),
});

/** Takes a lock in a frame of its own, and says who else gets it: while the frame is there, and once it is gone. */
export async function lockOfFrame(): Promise<{ before: boolean; after: boolean }> {
  const frame = document.createElement("iframe");
  frame.src = "/page.html";
  document.body.append(frame);
  await new Promise((resolve) => (frame.onload = resolve));
  const other = frame.contentWindow as unknown as { eval(script: string): Promise<boolean> };
  await other.eval(`import("/entry.js").then((entry) => entry.takeLock())`);
  const before = await takeLock();
  frame.remove();
  return { before, after: await waitForLock() };
}

export async function takeLock(): Promise<boolean> {
  return (await webLock().tryAcquire("frame")) !== undefined;
}

/** A request that waits is granted when the holder is gone; only then is it asked whether the port gets it too. */
async function waitForLock(): Promise<boolean> {
  await navigator.locks.request("xmtp-backup:frame", () => undefined);
  return takeLock();
}

/** What IndexedDB holds of an archive key: whether the wrapping key may be read, and how many bytes of the key lie in the clear. */
export async function keysAtRest(): Promise<{ extractable: boolean; stored: number[]; clear: boolean }> {
  const database = crypto.randomUUID();
  const key = crypto.getRandomValues(new Uint8Array(32));
  await indexedDbKeys({ database }).add(key);
  const values = keyValueDatabase(database);
  const wrapped = (await values.get("wrapped")) as Uint8Array[];
  const { extractable } = (await values.get("wrappingKey")) as CryptoKey;
  const clear = wrapped.some((bytes) => hex(bytes).includes(hex(key)));
  await deleteDatabase(database);
  return { extractable, stored: wrapped.map(({ length }) => length), clear };
}

/** Adds keys through several stores at once, as tabs that start together do, and counts what is kept. */
export async function addAtOnce(count: number): Promise<number> {
  const database = crypto.randomUUID();
  const keys = Array.from({ length: count }, () => crypto.getRandomValues(new Uint8Array(32)));
  await Promise.all(keys.map((key) => indexedDbKeys({ database }).add(key)));
  const kept = (await indexedDbKeys({ database }).load()).map(hex);
  await deleteDatabase(database);
  return keys.filter((key) => kept.includes(hex(key))).length;
}

/** What is left of a key store in which one of the keys is damaged, one is none, and another is added then: how many keys, and how many reasons. */
export async function besideDamaged(): Promise<[keys: number, reasons: number, stored: number]> {
  const database = crypto.randomUUID();
  const newKey = () => crypto.getRandomValues(new Uint8Array(32));
  await indexedDbKeys({ database }).add(newKey());
  await indexedDbKeys({ database }).add(newKey());
  await keyValueDatabase(database).change("wrapped", (stored) => [
    ...(stored as Uint8Array[]).map((each, index) => (index === 0 ? each.map((byte) => byte ^ 1) : each)),
    "no key",
  ]);
  await indexedDbKeys({ database }).add(newKey());
  const reasons: string[] = [];
  const { length } = await indexedDbKeys({ database }).load({ onUnusable: (reason) => reasons.push(reason) });
  const stored = ((await keyValueDatabase(database).get("wrapped")) as unknown[]).length;
  await deleteDatabase(database);
  return [length, reasons.length, stored];
}

/** The error code of a key store whose wrapping key was lost. */
export async function withoutWrappingKey(): Promise<string> {
  const database = crypto.randomUUID();
  await indexedDbKeys({ database }).add(crypto.getRandomValues(new Uint8Array(32)));
  await keyValueDatabase(database).change("wrappingKey", () => undefined);
  const outcome = await indexedDbKeys({ database })
    .load()
    .then(() => "loaded", codeOf);
  await deleteDatabase(database);
  return outcome;
}

/** What becomes of an archive of so many bytes. */
export async function putOver(bytes: number): Promise<{ code: string; listed: number; unfinished: number }> {
  const store = opfsStore({ directory: crypto.randomUUID() });
  const code = await store.put(crypto.randomUUID(), new Blob([new Uint8Array(bytes)])).then(() => "stored", codeOf);
  let listed = 0;
  for await (const _ of store.list()) listed += 1;
  return { code, listed, unfinished: (await store.unfinished()).length };
}

/** What becomes of an archive of so many bytes that is to be kept in place of a small one. */
export async function keepOver(bytes: number): Promise<{ code: string; sizes: number[] }> {
  const kept = keptFilesIn(crypto.randomUUID());
  await kept.put("last", new Blob([new Uint8Array(10)]));
  const code = await kept.put("last", new Blob([new Uint8Array(bytes)])).then(() => "kept", codeOf);
  return { code, sizes: (await kept.list()).map(({ sizeBytes }) => sizeBytes) };
}

function keptFilesIn(directory: string): KeptArchives {
  const kept = keptFiles(directory);
  if (!kept) throw new Error("This browser has no private file system.");
  return kept;
}

/** Guards this page while a backup is running, or none is. */
export function guard({ safe }: { safe: boolean }): void {
  guardPage({ closingAdvice: () => (safe ? { safe } : { safe, losing: "backup", message: "A backup is running." }) });
}

/** A guard that is over asks nothing, whatever runs. */
export function guardAndEnd(): void {
  guardPage({ closingAdvice: () => ({ safe: false, losing: "backup", message: "A backup is running." }) })();
}

export const askToPersist = (): Promise<StorageReport> => persistStorage();

const codeOf = (error: unknown): string => (isBackupError(error) ? error.code : String(error));

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error("It can't be deleted."));
  });
}
