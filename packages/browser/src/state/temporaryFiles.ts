import { type CallOptions, deviceFull, isDeviceFull, type TemporaryArchive } from "@xmtp-backup/core";
import { copyToFile } from "../files/copyToFile.ts";
import { namesIn } from "../files/namesIn.ts";
import { openOpfsFolder } from "../files/openOpfsFolder.ts";
import { assertWritable } from "../files/openSink.ts";
import { writeFileWhole } from "../files/writeFileWhole.ts";

/** Files of the origin-private file system that hold encrypted archives while a task runs. */
export type TemporaryFiles = {
  /** Keeps bytes in a file until it is released; in memory where the browser can't write files. */
  keep(bytes: ReadableStream<Uint8Array>, options?: CallOptions): Promise<TemporaryArchive>;
  /** Deletes what an earlier page left. */
  sweep(): Promise<void>;
};

export function temporaryFiles(directory: string): TemporaryFiles {
  const live = new Set<string>();
  let isWritable: Promise<boolean> | undefined;

  /** Undefined where the browser has no such files, or can't write them. */
  async function writableFolder(): Promise<FileSystemDirectoryHandle | undefined> {
    const folder = await openOpfsFolder(directory).catch(() => undefined);
    if (!folder) return undefined;
    isWritable ??= assertWritable(folder).then(
      () => true,
      () => false,
    );
    return (await isWritable) ? folder : undefined;
  }

  return {
    async keep(bytes, { signal } = {}) {
      const folder = await writableFolder();
      if (!folder) return inMemory(bytes, signal);
      const name = `${crypto.randomUUID()}.tmp`;
      live.add(name);
      const release = async () => {
        await folder.removeEntry(name).catch(() => undefined);
        live.delete(name);
      };
      try {
        await writeFileWhole(folder, name, (file) => copyToFile(bytes, file, { signal }));
        return { blob: await (await folder.getFileHandle(name)).getFile(), release };
      } catch (error) {
        await release();
        throw isDeviceFull(error) ? deviceFull("There is no room for a temporary file.", error) : error;
      }
    },

    async sweep() {
      const folder = await writableFolder();
      if (!folder) return;
      for (const name of await namesIn(folder)) {
        if (!live.has(name)) await folder.removeEntry(name);
      }
    },
  };
}

async function inMemory(bytes: ReadableStream<Uint8Array>, signal: AbortSignal | undefined): Promise<TemporaryArchive> {
  const blob = await new Response(bytes as ReadableStream<Uint8Array<ArrayBuffer>>).blob();
  signal?.throwIfAborted();
  return { blob, release: async () => undefined };
}
