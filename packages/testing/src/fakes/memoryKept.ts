import { BackupError, type KeptArchives } from "@xmtp-backup/core";
import { createFailures, type Failures } from "./failures.ts";

/** Kept archives in memory, with switches that make them fail; `archives` holds the bytes under each name. */
export function memoryKept(archives = new Map<string, Blob>()): KeptArchives & { failures: Failures; archives: Map<string, Blob> } {
  const failures = createFailures();

  async function pass(method: string, name: string, signal: AbortSignal | undefined): Promise<void> {
    await failures.pass(method, signal);
    if (!/^[a-z0-9-]+$/.test(name))
      throw new BackupError("HOST_FAILED", "The name of a kept archive has lower-case letters, digits and dashes only.");
  }

  return {
    failures,
    archives,
    async put(name, archive, { signal, onProgress } = {}) {
      await pass("put", name, signal);
      const bytes = await bytesOf(archive);
      onProgress?.(bytes.size);
      signal?.throwIfAborted();
      archives.set(name, bytes);
    },
    async get(name, { signal } = {}) {
      await pass("get", name, signal);
      return archives.get(name);
    },
    async remove(name, { signal } = {}) {
      await pass("remove", name, signal);
      archives.delete(name);
    },
    async list({ signal } = {}) {
      await failures.pass("list", signal);
      return [...archives].map(([name, { size }]) => ({ name, sizeBytes: size }));
    },
  };
}

async function bytesOf(archive: Blob): Promise<Blob> {
  try {
    return await new Response(archive.stream()).blob();
  } catch (error) {
    throw new BackupError("HOST_FAILED", "An archive can't be kept.", { cause: error });
  }
}
