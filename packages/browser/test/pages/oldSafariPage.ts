// The script of a page in a browser that can't write files from a page, as Safari before 26.
import { isBackupError } from "@xmtp-backup/core";
import { archiveStoreContract, storeDocumentsContract } from "@xmtp-backup/testing";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { opfsSetUp } from "./opfsSetUp.ts";
import { namesIn } from "../../src/files/namesIn.ts";
import { openOpfsFolder } from "../../src/files/openOpfsFolder.ts";
import { opfsStore } from "../../src/store/opfsStore.ts";
import { temporaryFiles } from "../../src/state/temporaryFiles.ts";

delete (FileSystemFileHandle.prototype as Partial<FileSystemFileHandle>).createWritable;

export const runCase = runCaseOf({
  opfsStore: () => archiveStoreContract(opfsSetUp),
  "opfsStore's documents": () => storeDocumentsContract(opfsSetUp),
});

/** Keeps a temporary archive; says what it holds, and how many files there are meanwhile and after its release. */
export async function keepTemporarily(text: string): Promise<{ text: string; kept: number; released: number }> {
  const name = crypto.randomUUID();
  const folder = await openOpfsFolder(name);
  const { blob, release } = await temporaryFiles(name).keep(new Blob([text]).stream());
  const [held, kept] = [await blob.text(), (await namesIn(folder)).length];
  await release();
  return { text: held, kept, released: (await namesIn(folder)).length };
}

/** An archive of so many bytes, put into a store of the name, and what the store gives back. */
export async function putAndGet(directory: string, bytes: number): Promise<{ given: number; same: boolean }> {
  const store = opfsStore({ directory });
  await store.open();
  const id = crypto.randomUUID();
  const archive = new Uint8Array(bytes).map((_byte, index) => index % 251);
  await store.put(id, new Blob([archive]));
  const given = new Uint8Array(await (await store.get(id)).arrayBuffer());
  await store.remove(id);
  return { given: given.length, same: given.every((byte, index) => byte === index % 251) };
}

const cutOff = crypto.randomUUID();

/** Begins to put an archive, replace a manifest and a document whose bytes never end, and stays at it. */
export async function beginForEver(directory: string): Promise<void> {
  const store = opfsStore({ directory });
  await store.open();
  const folder = await openOpfsFolder(directory);
  await store.put(cutOff, new Blob(["whole"]));
  await store.putManifest(cutOff, new Uint8Array([1]));
  const endless = { stream: () => new ReadableStream<Uint8Array>({ start: (bytes) => bytes.enqueue(new Uint8Array(2_000_000)) }) } as Blob;
  void store.put(crypto.randomUUID(), endless);
  while ((await namesIn(folder)).every((name) => !name.endsWith(".part"))) await new Promise(requestAnimationFrame);
}

/** What is listed and unfinished there, the files that are left once that is removed, and whether the whole archive is sound. */
export async function afterwards(directory: string): Promise<{ listed: number; unfinished: number; left: number; whole: string }> {
  const store = opfsStore({ directory });
  const listed = [];
  for await (const each of store.list()) listed.push(each);
  const unfinished = await store.unfinished();
  for (const { id } of unfinished) await store.remove(id);
  const left = (await namesIn(await openOpfsFolder(directory))).length;
  const [first] = listed;
  return { listed: listed.length, unfinished: unfinished.length, left, whole: first ? await (await store.get(first.id)).text() : "none" };
}

/** What `open` says, where the worker's script can't be had or the browser has no such access in workers. */
export async function openWithout(what: "Worker" | "script"): Promise<{ code: string; retryable: boolean }> {
  const RealWorker = Worker;
  const broken =
    what === "Worker"
      ? undefined
      : class extends RealWorker {
          constructor() {
            super("/nowhere.js", { type: "module" });
          }
        };
  Object.assign(globalThis, { Worker: broken });
  try {
    await opfsStore({ directory: crypto.randomUUID() }).open();
    return { code: "opened", retryable: false };
  } catch (error) {
    return isBackupError(error) ? { code: error.code, retryable: error.retryable } : { code: String(error), retryable: false };
  } finally {
    Object.assign(globalThis, { Worker: RealWorker });
  }
}

/** What becomes of a temporary archive where files can't be written at all: its text, and how many files there are. */
export async function keepInMemory(text: string): Promise<{ text: string; files: number }> {
  const RealWorker = Worker;
  Object.assign(globalThis, { Worker: undefined });
  try {
    const name = crypto.randomUUID();
    const { blob } = await temporaryFiles(name).keep(new Blob([text]).stream());
    return { text: await blob.text(), files: (await namesIn(await openOpfsFolder(name))).length };
  } finally {
    Object.assign(globalThis, { Worker: RealWorker });
  }
}
