import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "@xmtp-backup/core";
import type { OpenedClient } from "../loaded/openedClient.ts";

/** What a restore gave to the SDK: a file and its key for each chunk. */
export type RecordedImports = { path: string; key: Uint8Array }[];

export function recordImports(folder: string): { around(host: Host): Host; recorded: RecordedImports } {
  const recorded: RecordedImports = [];
  return {
    recorded,
    around: (host) => ({
      ...host,
      async importArchive(archive, key, options) {
        const path = join(folder, `chunk-${recorded.length}.xmtp`);
        recorded.push({ path, key: key.slice() });
        await mkdir(folder, { recursive: true });
        await writeFile(path, await archive.bytes());
        await host.importArchive(archive, key, options);
      },
    }),
  };
}

/** The SDK's own part of a restore: the same chunks, and nothing else. */
export async function replayImports({ client }: OpenedClient, chunks: RecordedImports): Promise<void> {
  for (const { path, key } of chunks) await client.importArchive(path, key);
}
