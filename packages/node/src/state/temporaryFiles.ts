import { createHash, randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { type FileHandle, open, readdir, rm, stat, statfs, unlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { CallOptions, TemporaryArchive } from "@xmtp-backup/core";
import { copyToFile } from "../files/copyToFile.ts";
import { folderTimeMs } from "../files/folderTimeMs.ts";
import { privateFolder } from "../files/privateFolder.ts";

/** Private files (mode 0600, in a folder of mode 0700) that hold encrypted archives while a task runs. */
export type TemporaryFiles = {
  /** Lets `write` fill a new file; it is deleted if that fails, or when it is released. */
  create(write: (path: string) => Promise<void>): Promise<TemporaryArchive>;
  spool(bytes: ReadableStream<Uint8Array>, options?: CallOptions): Promise<TemporaryArchive>;
  /** Gives the file of a blob that was made here as it is. Of any other blob it keeps a copy as a file while `use` runs. */
  withFile<T>(blob: Blob, use: (path: string) => Promise<T>): Promise<T>;
  /** How many bytes this user may still write there. */
  freeBytes(): Promise<number>;
  /** Deletes what processes left that have ended. */
  sweep(): Promise<void>;
};

/** The files of this process that are in use, whichever client they are for. */
const live = new Set<string>();
/** How long another machine's file may lie untouched before it counts as left behind, in milliseconds by the file system's clock. */
const foreignLastsMs = 24 * 60 * 60 * 1000;
/** Names this machine in the names of files, since several may share a folder. */
const machine = createHash("sha256").update(hostname()).digest("hex").slice(0, 12);
const ownName = new RegExp(`^${machine}-(\\d+)-[0-9a-f-]{36}\\.tmp$`);

export function temporaryFiles(directory: string): TemporaryFiles {
  /** The files of the blobs that were made here. */
  const paths = new WeakMap<Blob, string>();

  /** Makes a new file; it is deleted if filling it fails. */
  async function fill(write: (file: FileHandle, path: string) => Promise<void>): Promise<string> {
    await privateFolder(directory);
    const path = join(directory, `${machine}-${process.pid}-${randomUUID()}.tmp`);
    live.add(path);
    try {
      const file = await open(path, "wx", 0o600);
      try {
        await write(file, path);
      } finally {
        await file.close();
      }
      return path;
    } catch (error) {
      await discard(path);
      throw error;
    }
  }

  async function discard(path: string): Promise<void> {
    await unlink(path).catch(() => undefined);
    live.delete(path);
  }

  async function toArchive(path: string): Promise<TemporaryArchive> {
    const blob = await openAsBlob(path).catch(async (error: unknown) => {
      await discard(path);
      throw error;
    });
    paths.set(blob, path);
    return { blob, release: () => discard(path) };
  }

  return {
    create: async (write) =>
      toArchive(
        await fill(async (file, path) => {
          await file.close();
          await write(path);
        }),
      ),
    spool: async (bytes, options) => toArchive(await fill((file) => copyToFile(bytes, file, options))),
    async withFile(blob, use) {
      const own = paths.get(blob);
      if (own !== undefined) return use(own);
      const path = await fill(async (file) => file.writeFile(new Uint8Array(await blob.arrayBuffer())));
      try {
        return await use(path);
      } finally {
        await discard(path);
      }
    },
    async freeBytes() {
      await privateFolder(directory);
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    },
    async sweep() {
      const names = await readdir(directory).catch(() => []);
      const nowMs = names.length > 0 ? await folderTimeMs(directory) : undefined;
      for (const name of names) {
        const path = join(directory, name);
        if (!live.has(path) && (await isLeft(name, path, nowMs))) await rm(path, { force: true });
      }
    },
  };
}

/** Whether nobody uses a file any more. A process that lives may be reading it: a verification holds no lock. */
async function isLeft(name: string, path: string, nowMs: number | undefined): Promise<boolean> {
  const pid = Number(ownName.exec(name)?.[1]);
  if (pid === process.pid) return true;
  if (pid > 0 && !isRunning(pid)) return true;
  const { ctimeMs } = await stat(path).catch(() => ({ ctimeMs: Infinity }));
  return nowMs !== undefined && nowMs - ctimeMs > foreignLastsMs;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be asked, and runs.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
