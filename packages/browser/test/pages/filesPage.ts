// The script of a page: saving to files. A picker can't be driven in a headless browser, so a folder of the origin-private file
// system stands in for one that the user picked; it is a handle of the same kind.
import { isBackupError } from "@xmtp-backup/core";
import { archiveStoreContract, storeDocumentsContract, type StoreSetUp } from "@xmtp-backup/testing";
import { runCaseOf } from "../../../../test/browser/runCase.ts";
import { downloadStore } from "../../src/store/downloadStore.ts";
import { fileHandleStore } from "../../src/store/fileHandleStore.ts";
import { namesIn } from "../../src/files/namesIn.ts";
import { openOpfsFolder } from "../../src/files/openOpfsFolder.ts";
import { opfsStore } from "../../src/store/opfsStore.ts";
import { pickArchive } from "../../src/store/pickArchive.ts";
import { pickedDirectory } from "../../src/store/pickedDirectory.ts";
import { saveArchive } from "../../src/store/saveArchive.ts";
import { temporaryFiles } from "../../src/state/temporaryFiles.ts";

type Permission = "granted" | "prompt" | "denied";

const inPickedFolder: StoreSetUp = async () => {
  const { folder, directory, dispose } = await picked();
  const reopen = () => fileHandleStore({ directory });
  return { store: fileHandleStore({ directory: folder }), reopen, dispose };
};

const asDownloads: StoreSetUp = async () => {
  const directory = crypto.randomUUID();
  const reopen = () => downloadStore({ beside: opfsStore({ directory }) });
  const dispose = async () => (await navigator.storage.getDirectory()).removeEntry(directory, { recursive: true });
  return { store: reopen(), reopen, dispose };
};

export const runCase = runCaseOf({
  fileHandleStore: () => archiveStoreContract(inPickedFolder, { usage: false }),
  "fileHandleStore's documents": () => storeDocumentsContract(inPickedFolder),
  downloadStore: () => archiveStoreContract(asDownloads),
  "downloadStore's documents": () => storeDocumentsContract(asDownloads),
});

/** A folder that the user picked: its handle, and what remembers it. */
async function picked() {
  const root = await navigator.storage.getDirectory();
  const name = crypto.randomUUID();
  const folder = await root.getDirectoryHandle(name, { create: true });
  const dispose = () => root.removeEntry(name, { recursive: true });
  return { folder, directory: await pick(async () => folder), dispose };
}

async function pick(showDirectoryPicker: () => Promise<FileSystemDirectoryHandle>) {
  Object.assign(globalThis, { showDirectoryPicker });
  const directory = pickedDirectory({ database: crypto.randomUUID() });
  await directory.pick();
  return directory;
}

/** What becomes of a picker that ends so, and whether a folder is remembered. */
export async function pickWith(errorName: string): Promise<{ outcome: string; access: string }> {
  Object.assign(globalThis, { showDirectoryPicker: () => Promise.reject(new DOMException("It ended.", errorName)) });
  const directory = pickedDirectory({ database: crypto.randomUUID() });
  return { outcome: await directory.pick().then(() => "picked", nameOf), access: await directory.access() };
}

/** A folder as `pickedDirectory` gives it where no folder was picked, where it was, and once it is forgotten. */
export async function remember(): Promise<{ before: string; then: string; sameFolder: boolean; forgotten: string }> {
  const { folder } = await picked();
  Object.assign(globalThis, { showDirectoryPicker: async () => folder });
  const database = crypto.randomUUID();
  const before = await codeOf(fileHandleStore({ directory: pickedDirectory({ database }) }).open());
  await pickedDirectory({ database }).pick();
  const later = pickedDirectory({ database });
  const recalled = await later.recall();
  const then = await later.access();
  await later.forget();
  return { before, then, sameFolder: (await recalled?.isSameEntry(folder)) === true, forgotten: await later.access() };
}

/** What the store says while the browser says so of the folder, and what comes of asking the user who answers so. */
export async function permitted(now: Permission, answer: Permission): Promise<{ access: string; put: string; asked: string }> {
  const { directory } = await picked();
  const prototype = FileSystemHandle.prototype as unknown as Record<"queryPermission" | "requestPermission", unknown>;
  const { queryPermission, requestPermission } = prototype;
  Object.assign(prototype, { queryPermission: async () => now, requestPermission: async () => answer });
  try {
    const put = await codeOf(fileHandleStore({ directory }).put(crypto.randomUUID(), new Blob(["x"])));
    return { access: await directory.access(), put, asked: await codeOf(directory.ask()) };
  } finally {
    Object.assign(prototype, { queryPermission, requestPermission });
  }
}

/** What is said of an archive in a folder that is gone, such as one on a disk that was taken out. */
export async function afterRemoval(): Promise<string[]> {
  const { directory, dispose } = await picked();
  const [store, id] = [fileHandleStore({ directory }), crypto.randomUUID()];
  await store.put(id, new Blob(["x"]));
  await dispose();
  return Promise.all([store.open(), store.get(id), store.remove(id), store.unfinished()].map(codeOf));
}

/** What the store makes of files that others keep in the folder. */
export async function amongOthers(): Promise<{ unfinished: number; left: string[] }> {
  const { folder, directory } = await picked();
  const id = crypto.randomUUID();
  for (const name of ["holiday.jpg", `${id}.xmtp (conflicted copy)`, `${id}.txt`]) await folder.getFileHandle(name, { create: true });
  const store = fileHandleStore({ directory });
  const unfinished = await store.unfinished();
  await store.remove(id);
  return { unfinished: unfinished.length, left: (await namesIn(folder)).sort() };
}

/** What the store says of the age of an upload that a sync program brought, with the time that another device's slow clock gave it. */
export async function broughtBySync(): Promise<(number | "unknown")[]> {
  const { folder } = await picked();
  const { getFile } = FileSystemFileHandle.prototype;
  await fileHandleStore({ directory: folder }).put(crypto.randomUUID(), new Blob(["x"]));
  FileSystemFileHandle.prototype.getFile = async function (this: FileSystemFileHandle) {
    const file = await getFile.call(this);
    return this.name.endsWith(".xmtp") ? new File([file], file.name, { lastModified: file.lastModified - 90_000_000 }) : file;
  };
  try {
    return (await fileHandleStore({ directory: folder }).unfinished()).map(({ ageMs }) => ageMs ?? "unknown");
  } finally {
    FileSystemFileHandle.prototype.getFile = getFile;
  }
}

/** What the store makes of what another program that syncs the folder has not brought yet, or kept twice. */
export async function besideSync() {
  const { folder, directory } = await picked();
  const store = fileHandleStore({ directory });
  const [away, twice] = [crypto.randomUUID(), crypto.randomUUID()];
  const add = async (name: string) => {
    const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await file.write("x");
    await file.close();
  };
  for (const id of [away, twice]) await store.put(id, new Blob(["x"]));
  for (const name of [
    `.${away}.manifest.json.icloud`,
    `${twice}.manifest (1).json`,
    ".in-cloud.json.icloud",
    "only-copy 2.json",
    "both.json",
    "both 2.json",
  ])
    await add(name);
  const second = await (await folder.getFileHandle("both 2.json")).createWritable();
  await second.write("xyz");
  await second.close();
  const listed: string[] = [];
  const list = async () => {
    for await (const { id } of store.list()) listed.push(id);
  };
  const listing = await codeOf(list());
  const seen = {
    listing,
    listedTwice: listed.join() === twice,
    unfinished: (await store.unfinished()).length,
    put: await codeOf(store.put(away, new Blob(["y"]))),
    documents: [await codeOf(store.getDocument!("in-cloud")), await codeOf(store.getDocument!("only-copy"))],
    copies: (await store.getDocument!("both"))?.copies,
    copy: (await store.getDocument!("both", { copy: "both 2.json" }))?.bytes.length,
  };
  await store.remove(away);
  return { ...seen, listingThen: await codeOf(list()) };
}

/** What becomes of an archive of so many bytes in a picked folder. */
export async function putOver(bytes: number): Promise<{ code: string; unfinished: number }> {
  const store = fileHandleStore({ directory: (await picked()).directory });
  const code = await codeOf(store.put(crypto.randomUUID(), new Blob([new Uint8Array(bytes)])));
  return { code, unfinished: (await store.unfinished()).length };
}

/** What is in a temporary file, how many files there are with it, and how many once it is released. */
export async function keepTemporarily(text: string): Promise<{ text: string; kept: number; released: number }> {
  const { folder, files } = await temporary();
  const { blob, release } = await files.keep(new Blob([text]).stream());
  const [kept, read] = [(await namesIn(folder)).length, await blob.text()];
  await release();
  await release();
  return { text: read, kept, released: (await namesIn(folder)).length };
}

/** What is left of a file under way, and of one of an earlier page, by who sweeps. */
export async function sweepBeside(): Promise<{ own: string; left: number }> {
  const { folder, name, files } = await temporary();
  await temporaryFiles(name).keep(new Blob(["of an earlier page"]).stream());
  const { blob } = await files.keep(new Blob(["of this page"]).stream());
  await files.sweep();
  return { own: await blob.text(), left: (await namesIn(folder)).length };
}

/** What becomes of bytes that end so, and how many files are left. */
export async function keepBroken(kind: "error" | "abort" | "large"): Promise<{ outcome: string; left: number }> {
  const { folder, files } = await temporary();
  const controller = new AbortController();
  const bytes = new ReadableStream<Uint8Array>({
    pull(stream) {
      stream.enqueue(new Uint8Array(100_000));
      if (kind === "error") stream.error(new RangeError("It broke."));
      if (kind === "abort") controller.abort(new TypeError("Enough."));
    },
  });
  const outcome = await files.keep(bytes, { signal: controller.signal }).then(() => "kept", nameOf);
  return { outcome, left: (await namesIn(folder)).length };
}

/** Where the bytes are kept in a browser that can't write such files from a page. */
export async function keepWithoutFiles(text: string): Promise<{ text: string; files: number }> {
  const { folder, files } = await temporary();
  const prototype = FileSystemFileHandle.prototype as Partial<FileSystemFileHandle>;
  const { createWritable } = prototype;
  delete prototype.createWritable;
  try {
    const { blob } = await files.keep(new Blob([text]).stream());
    return { text: await blob.text(), files: (await namesIn(folder)).length };
  } finally {
    Object.assign(prototype, { createWritable });
  }
}

async function temporary() {
  const name = crypto.randomUUID();
  const folder = await openOpfsFolder(name);
  return { name, folder, files: temporaryFiles(name) };
}

/** Lists an archive of that text with a store that downloads, gives it another manifest, and saves a copy of it. */
export async function download(text: string): Promise<void> {
  const beside = opfsStore({ directory: crypto.randomUUID() });
  const store = downloadStore({ app: "Me: <the> ..app/", beside });
  const id = crypto.randomUUID();
  await store.put(id, new Blob([text]));
  for (const manifest of [1, 2]) await store.putManifest(id, Uint8Array.of(manifest));
  await saveArchive(store, { id, createdAtMs: new Date(2026, 2, 29, 14, 5).getTime() }, { app: "Messenger" });
}

/** What is in the file that the user chooses, or how choosing ended. */
export async function choose(): Promise<string> {
  const chosen = await pickArchive().then((file) => file.text(), nameOf);
  return document.querySelector("input") ? "an input was left" : chosen;
}

export async function chooseAndAbort(): Promise<boolean> {
  const controller = new AbortController();
  const choosing = pickArchive({ signal: controller.signal }).catch((error: unknown) => error);
  const reason = new Error("Enough.");
  controller.abort(reason);
  return (await choosing) === reason;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => "done", nameOf);
}

function nameOf(error: unknown): string {
  if (isBackupError(error)) return error.code;
  return error instanceof Error ? error.name : String(error);
}
