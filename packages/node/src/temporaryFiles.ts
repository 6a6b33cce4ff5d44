import { randomUUID } from "node:crypto";
import { openAsBlob } from "node:fs";
import { open, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CallOptions, TemporaryArchive } from "@xmtp-backup/core";
import { copyStream } from "./copyStream.ts";
import { privateFolder } from "./privateFolder.ts";

/** Private files (mode 0600, in a folder of mode 0700) that hold encrypted archives while a task runs. */
export type TemporaryFiles = {
  /** Lets `write` fill a new file; it is deleted if that fails, or when it is released. */
  create(write: (path: string) => Promise<void>): Promise<TemporaryArchive>;
  spool(bytes: ReadableStream<Uint8Array>, options?: CallOptions): Promise<TemporaryArchive>;
  /** Keeps a copy of a small blob as a file while `use` runs. */
  withFile<T>(blob: Blob, use: (path: string) => Promise<T>): Promise<T>;
  /** Deletes what an earlier process left. */
  sweep(): Promise<void>;
};

export function temporaryFiles(directory: string): TemporaryFiles {
  const live = new Set<string>();

  async function reserve(): Promise<string> {
    await privateFolder(directory);
    const path = join(directory, `${randomUUID()}.tmp`);
    live.add(path);
    await (await open(path, "wx", 0o600)).close();
    return path;
  }

  async function discard(path: string): Promise<void> {
    await rm(path, { force: true }).catch(() => undefined);
    live.delete(path);
  }

  async function create(write: (path: string) => Promise<void>): Promise<TemporaryArchive> {
    const path = await reserve();
    try {
      await write(path);
      const blob = await openAsBlob(path);
      return { blob, release: () => discard(path) };
    } catch (error) {
      await discard(path);
      throw error;
    }
  }

  const spool: TemporaryFiles["spool"] = (bytes, options) =>
    create(async (path) => {
      const file = await open(path, "w", 0o600);
      try {
        await copyStream(bytes, file, options);
      } finally {
        await file.close();
      }
    });

  return {
    create,
    spool,
    async withFile(blob, use) {
      const path = await reserve();
      try {
        await writeFile(path, new Uint8Array(await blob.arrayBuffer()));
        return await use(path);
      } finally {
        await discard(path);
      }
    },
    async sweep() {
      const names = await readdir(directory).catch(() => []);
      for (const name of names) {
        const path = join(directory, name);
        if (!live.has(path)) await rm(path, { force: true });
      }
    },
  };
}
