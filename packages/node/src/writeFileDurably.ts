import { randomUUID } from "node:crypto";
import { type FileHandle, open, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The ending of files that are still being written; one that is found later was interrupted. */
export const partialEnding = ".part";

/**
 * Writes a file so that after a crash the path holds the old bytes or all of the new ones, never a part.
 *
 * A temporary file (mode 0600) in the same folder is written and synced, then renamed, then the folder is synced.
 */
export async function writeFileDurably(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}${partialEnding}`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Deletes what kills left in a folder of files whose names begin so, unless it is younger than a time. */
export async function removePartials(folder: string, beginning: string, untilMs: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(beginning) || !name.endsWith(partialEnding)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs <= untilMs) await rm(path, { force: true });
  }
}

/** Makes renames and deletions in a folder durable; a no-op where folders can't be opened (Windows). */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
