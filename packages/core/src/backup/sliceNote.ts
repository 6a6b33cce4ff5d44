import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** A slice that the host keeps. */
export type NotedSlice = {
  /** Which of the slices between the cuts it is. */
  index: number;
  sizeBytes: number;
  sha256: string;
  /** A digest of the conversations' revisions before the export; absent where the host knows none. */
  revisions?: string;
  exportedAtMs: number;
};

/** The slices of a backup that has not ended: without their key, which only the archive key and the salt give. */
export type SliceNote = {
  /** Names the slices that the host keeps. */
  runId: string;
  /** Whose backup it is, and of what. Another one does not go on with these slices. */
  request: string;
  /** Base64. */
  salt: string;
  startedAtMs: number;
  /** The times between the slices, in nanoseconds since 1970. */
  cuts: string[];
  slices: NotedSlice[];
};

/** Slices of a backup that was given up this long ago are removed. */
const keptForMs = 3 * 24 * 60 * 60 * 1000;

const note = versionedNote<SliceNote>("slices", 1, isSliceNote);

/** What is noted, as far as it can be read. */
export async function readSliceNote(journal: Journal, options: CallOptions = {}): Promise<SliceNote | undefined> {
  const read = await note.read(journal, options).catch(() => undefined);
  options.signal?.throwIfAborted();
  return read;
}

export function writeSliceNote(journal: Journal, value: SliceNote, options: CallOptions): Promise<void> {
  return note.write(journal, value, options);
}

export function removeSliceNote(journal: Journal, options: CallOptions): Promise<void> {
  return note.remove(journal, options);
}

export function isTooOld({ startedAtMs }: SliceNote, nowMs: number): boolean {
  return startedAtMs > nowMs || nowMs - startedAtMs > keptForMs;
}

function isSliceNote(value: unknown): value is SliceNote {
  const { runId, request, salt, startedAtMs, cuts, slices } = value as Partial<Record<keyof SliceNote, unknown>>;
  const isText = (text: unknown) => typeof text === "string";
  if (!isText(runId) || !isText(request) || !isText(salt) || !Number.isFinite(startedAtMs)) return false;
  const areCuts = Array.isArray(cuts) && cuts.every((cut) => isText(cut) && /^\d{1,19}$/.test(cut));
  return areCuts && Array.isArray(slices) && slices.every(isNotedSlice);
}

function isNotedSlice(value: unknown): value is NotedSlice {
  if (typeof value !== "object" || value === null) return false;
  const { index, sizeBytes, sha256, revisions, exportedAtMs } = value as Partial<Record<keyof NotedSlice, unknown>>;
  const areNumbers = [index, sizeBytes, exportedAtMs].every((number) => Number.isSafeInteger(number) && (number as number) >= 0);
  return areNumbers && typeof sha256 === "string" && (revisions === undefined || typeof revisions === "string");
}
