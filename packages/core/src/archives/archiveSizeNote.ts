import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** How large the last archive of this installation was. */
export type ArchiveSize = { messages: number; sizeBytes: number };

const sizeNote = versionedNote<ArchiveSize>("archive-size", 1, isSize);

/** Keeps the size for the next backup; one that can't be kept is no reason to fail this one. */
export async function writeArchiveSize(journal: Journal, size: ArchiveSize, options: CallOptions = {}): Promise<void> {
  if (isSize(size)) await sizeNote.write(journal, size, options).catch(() => undefined);
}

/** The size of the last archive, where it is known. */
export async function readArchiveSize(journal: Journal, options: CallOptions = {}): Promise<ArchiveSize | undefined> {
  const size = await sizeNote.read(journal, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return size;
}

function isSize(note: unknown): note is ArchiveSize {
  const { messages, sizeBytes } = note as Partial<Record<keyof ArchiveSize, unknown>>;
  return isPositive(messages) && isPositive(sizeBytes);
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
