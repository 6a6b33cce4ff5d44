import type { ArchivePreview } from "../model/restore.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Dependencies } from "./dependencies.ts";
import { inspectArchive } from "./inspectArchive.ts";
import { createDownloads } from "./downloads.ts";
import { fetchSource, isEntry, keyForSource } from "./openSource.ts";
import type { RestoreOptions, RestoreSource } from "./restoreOptions.ts";

/** Fetches, verifies and describes an archive; changes nothing anywhere. */
export async function inspectSource(
  dependencies: Dependencies,
  source: RestoreSource,
  { signal = new AbortController().signal, ...options }: RestoreOptions & CallOptions,
): Promise<ArchivePreview> {
  const key = await keyForSource(dependencies, source, options, signal);
  const downloads = createDownloads(dependencies.host);
  try {
    const archive = await fetchSource(dependencies, source, downloads, { signal, report: () => undefined });
    const details = isEntry(source) ? source.details : undefined;
    const { preview } = await inspectArchive(archive, key, { signal, primitives: dependencies.host.primitives, ...(details && { expected: details }) });
    return { ...preview, ...(details?.name && { name: details.name }) };
  } finally {
    await downloads.release();
  }
}
