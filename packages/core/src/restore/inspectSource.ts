import type { ArchivePreview } from "../archives/archivePreview.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import { callPort } from "../ports/callPort.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import { createDownloads } from "../archives/createDownloads.ts";
import { fetchSource, openSource } from "./openSource.ts";
import { readSource } from "./readSource.ts";
import type { RestoreOptions } from "./restoreOptions.ts";
import type { KnownSource } from "./toSource.ts";

/** Fetches, verifies and describes an archive; changes nothing anywhere. */
export async function inspectSource(
  dependencies: Dependencies,
  source: KnownSource,
  { signal = new AbortController().signal, ...options }: RestoreOptions & CallOptions,
): Promise<ArchivePreview> {
  const opened = await openSource(dependencies, source, options, signal);
  const downloads = createDownloads(dependencies.host);
  try {
    const blobs = await callPort({ signal }, "STORE_FAILED", "The archive could not be fetched.", () =>
      fetchSource(dependencies, source, opened, downloads, { signal, report: () => undefined }),
    );
    const known = { signal, ...(options.unsent && { unsent: options.unsent }) };
    return (await readSource(dependencies, blobs, opened, downloads, known)).preview;
  } finally {
    await downloads.release();
    for (const key of opened.keys) key.fill(0);
  }
}
