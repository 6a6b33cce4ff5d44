import type { Host, TemporaryArchive } from "../ports/host.ts";

/** What a task downloads: kept in the host's temporary files, where a store does not read in place, until it is released. */
export type Downloads = {
  spool(bytes: ReadableStream<Uint8Array>): Promise<Blob>;
  /** Takes over another temporary archive of the task. */
  hold(file: TemporaryArchive): void;
  release(): Promise<void>;
};

export function createDownloads(host: Host): Downloads {
  const kept: TemporaryArchive[] = [];
  return {
    async spool(bytes) {
      const file = await host.spool(bytes);
      kept.push(file);
      return file.blob;
    },
    hold: (file) => void kept.push(file),
    async release() {
      for (const file of kept.splice(0)) await file.release();
    },
  };
}
