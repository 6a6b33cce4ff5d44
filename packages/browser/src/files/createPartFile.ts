import type { FileCall } from "./fileCall.ts";

/** Synchronous access to a file, as workers have it; in Safari before 16.4 flushing and closing are promises. */
type SyncAccess = {
  write(bytes: ArrayBuffer, options: { at: number }): number;
  flush(): unknown;
  close(): unknown;
};

/** What WebKit's handles can do beyond the page's types; it renames with the folder and the name only. */
type PartHandle = FileSystemFileHandle & {
  createSyncAccessHandle?(): Promise<SyncAccess>;
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
};

/** A file that is written beside its place, and gets its name when it is whole. */
export function createPartFile() {
  let opened: { folder: FileSystemDirectoryHandle; handle: PartHandle; access: SyncAccess; name: string; part: string } | undefined;
  let size = 0;

  function have(): NonNullable<typeof opened> {
    if (!opened) throw new DOMException("The file is not open.", "InvalidStateError");
    return opened;
  }

  return {
    async open({ path, name, part }: Extract<FileCall, { call: "open" }>): Promise<void> {
      let folder = await navigator.storage.getDirectory();
      for (const step of path) folder = await folder.getDirectoryHandle(step);
      const handle: PartHandle = await folder.getFileHandle(part, { create: true });
      try {
        if (!handle.createSyncAccessHandle || !handle.move)
          throw new DOMException("This browser can't write such files.", "NotSupportedError");
        opened = { folder, handle, access: await handle.createSyncAccessHandle(), name, part };
      } catch (error) {
        await folder.removeEntry(part).catch(() => undefined);
        throw error;
      }
    },

    async write(bytes: ArrayBuffer): Promise<void> {
      const written = have().access.write(bytes, { at: size });
      if (written !== bytes.byteLength) throw new DOMException("The browser wrote a part of the bytes only.", "QuotaExceededError");
      size += written;
    },

    async close(): Promise<void> {
      const { folder, handle, access, name, part } = have();
      try {
        await access.flush();
        await access.close();
        await handle.move?.(folder, name);
      } catch (error) {
        await folder.removeEntry(part).catch(() => undefined);
        throw error;
      }
    },

    async abort(): Promise<void> {
      const { folder, access, part } = have();
      await access.close();
      await folder.removeEntry(part);
    },
  };
}
