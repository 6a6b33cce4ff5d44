import { invalid } from "../errors/assertOptions.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { RestoreSource } from "./restoreOptions.ts";
import { toArchiveId } from "../archives/toArchiveId.ts";

/** What a restore reads: an archive of the store, or bytes from anywhere. */
export type KnownSource = { id: ArchiveId; file?: undefined } | { id?: undefined; file: Blob };

/**
 * Tells an archive of the store from the bytes of a file.
 *
 * @throws OPTIONS_INVALID when it is neither
 */
export function toSource(source: RestoreSource): KnownSource {
  if (isBlob(source)) return { file: source };
  if (ArrayBuffer.isView(source) || source instanceof ArrayBuffer)
    throw invalid("Bytes of an archive are passed as a Blob.", "Write new Blob([bytes]).");
  if (typeof (source as { then?: unknown } | null | undefined)?.then === "function")
    throw invalid("The source is still a promise.", "Await it first.");
  return { id: toArchiveId(source) };
}

/** By its shape: a page and its frames have classes of their own. */
function isBlob(source: unknown): source is Blob {
  const { size, slice, arrayBuffer } = (source ?? {}) as Partial<Record<keyof Blob, unknown>>;
  return typeof source === "object" && typeof size === "number" && typeof slice === "function" && typeof arrayBuffer === "function";
}
