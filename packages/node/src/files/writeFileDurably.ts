import { randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { whileHeld } from "./whileHeld.ts";

/** The ending of files that are still being written; one that is found later was interrupted. */
export const partialEnding = ".part";

/**
 * Writes a file so that after a crash the path holds the old bytes or all of the new ones, never a part.
 *
 * A temporary file (mode 0600) in the same folder is written and synced, then renamed, then the folder is synced as far as it can be.
 * Just before the rename `mayReplace` has the last word; answers whether the file was replaced.
 */
export async function writeFileDurably(
  path: string,
  write: (file: FileHandle) => Promise<void>,
  mayReplace?: () => Promise<boolean>,
): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}${partialEnding}`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    if (mayReplace && !(await mayReplace())) {
      await unlink(temporary);
      return false;
    }
    await whileHeld(path, () => rename(temporary, path));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
  return true;
}

/** A partial file that is younger, in milliseconds, may be being written by another process. */
const youngPartialMs = 60 * 60 * 1000;

/** Deletes what kills left in a folder of files whose names begin so, once it is an hour old by the clock of the file system. */
export async function removePartials(folder: string, beginning: string): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(beginning) && name.endsWith(partialEnding));
  if (names.length === 0) return;
  const nowMs = await nowIn(folder, beginning);
  for (const name of names) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (nowMs - mtimeMs >= youngPartialMs) await rm(path, { force: true });
  }
}

/** What time the file system has, in milliseconds since 1970: a server's may be another than this machine's. */
async function nowIn(folder: string, beginning: string): Promise<number> {
  const probe = join(folder, `${beginning}${randomUUID()}${partialEnding}`);
  try {
    await (await open(probe, "wx", 0o600)).close();
    return (await stat(probe)).mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
}

/**
 * Makes renames and deletions in a folder durable, where the system can.
 *
 * Windows can't open a folder, and network drives, FUSE and WSL refuse to flush one. The renamed file is there all the same.
 */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
