import { type FileHandle, mkdir, open, readFile, rename, stat, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { partialEnding } from "./uploadNames.ts";

/** Writes a file so that after a crash the path holds the old bytes or all of the new ones. */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}${partialEnding}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await withFile(temporary, "wx", async (file) => {
      await file.writeFile(bytes);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncPath(dirname(path));
}

/** Gives a whole file its name for good. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await syncPath(from);
  await rename(from, to);
  await syncPath(dirname(to));
}

export async function sizeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(ifMissing))?.size;
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(ifMissing);
}

export function ifMissing(error: unknown): undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

/** Has the system write what it holds back of a file or folder; folders can't be opened on Windows. */
async function syncPath(path: string): Promise<void> {
  if (process.platform === "win32" && (await stat(path)).isDirectory()) return;
  await withFile(path, process.platform === "win32" ? "r+" : "r", (file) => file.sync());
}

async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}
