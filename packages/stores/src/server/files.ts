import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { partialEnding } from "./uploadNames.ts";

/** Pauses between tries, in milliseconds, each twice as long; about a second in all. */
const firstPauseMs = 10;
const longestPauseMs = 500;
/** What a system answers while another program has a file open. */
const heldCodes: ReadonlySet<unknown> = new Set(["EPERM", "EACCES", "EBUSY"]);

const ownerOnly = { file: 0o600, folder: 0o700 };

/** Makes a folder that its owner alone can enter; one that is there stays as it is. */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: ownerOnly.folder });
}

/** Writes a file so that after a crash the path holds the old bytes or all of the new ones. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}${partialEnding}`;
  await makeFolder(dirname(path));
  try {
    await withFile(temporary, "wx", async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await renameOver(temporary, path);
  } catch (error) {
    await removePath(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes an empty file; fails where something has its name. */
export async function createEmpty(path: string): Promise<void> {
  await withFile(path, "wx", async () => {});
}

/** Gives a whole file its name for good. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await withFile(from, process.platform === "win32" ? "r+" : "r", (file) => file.sync());
  await renameOver(from, to);
  await syncFolder(dirname(to));
}

/** Renames a file, also to a name that a folder has: no folder is ever made there, and nobody would get rid of it. */
async function renameOver(from: string, to: string): Promise<void> {
  if ((await entryAt(to))?.isDirectory()) await removePath(to);
  await renameHeld(from, to);
}

/** Renames a file that an antivirus or an indexer may hold for an instant: tries for about a second. */
async function renameHeld(from: string, to: string): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (pauseMs > longestPauseMs || !heldCodes.has(error instanceof Error && "code" in error && error.code)) throw error;
      await pause(pauseMs);
    }
  }
}

/** Removes what has this name, whatever it is; a link goes, and what it leads to stays. One that is held for an instant is tried for a second. */
export async function removePath(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 6, retryDelay: 50 });
}

/** A file that lies at the path itself; undefined where there is none, or a folder, or a link to elsewhere. */
export async function fileAt(path: string): Promise<Stats | undefined> {
  const stats = await entryAt(path);
  return stats?.isFile() ? stats : undefined;
}

/** Whatever has this name; links are not followed. */
export async function entryAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(ifMissing);
}

export async function sizeOf(path: string): Promise<number | undefined> {
  return (await fileAt(path))?.size;
}

/** A file that is longer than what this server keeps of its kind. */
export class TooLong extends Error {}

/**
 * The bytes of a file, where there is one that is no link.
 *
 * @throws TooLong when it is longer than `maxBytes`
 */
export async function readIfThere(path: string, maxBytes: number): Promise<Buffer | undefined> {
  if (process.platform === "win32" && !(await fileAt(path))) return undefined;
  const file = await open(path, readFlags).catch(ifMissing);
  try {
    const stats = await file?.stat();
    if (!stats?.isFile()) return undefined;
    if (stats.size > maxBytes) throw new TooLong(`A file is longer than ${maxBytes} bytes.`);
    return await file?.readFile();
  } finally {
    await file?.close();
  }
}

/** A link is not opened, and a pipe is not waited for. Windows has neither flag. */
const readFlags = process.platform === "win32" ? constants.O_RDONLY : constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Nothing, where nothing has this name, or a link that was not followed, or a socket, which nobody can open. */
export function ifMissing(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && ["ENOENT", "ELOOP", "ENXIO"].includes(String(error.code)))) throw error;
}

/** Makes renames in a folder durable, where the system can: Windows can't open a folder, and network drives refuse to flush one. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, ownerOnly.file);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
