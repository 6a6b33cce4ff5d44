import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** How an archive is cut into chunks; the number goes up when the same archive is cut in another way. */
export const chunking = { version: 2, messagesPerChunk: 1_000, maxChunkBytes: 4_194_304 } as const;

/** What decides what is in each chunk of an archive, apart from the time: what expires meanwhile moves no chunk's end. */
export type ChunkCut = { version: number; messagesPerChunk: number; maxChunkBytes: number; unsent: "keep" | "leaveOut" };

/** How far the import of one archive has come. */
type ImportNote = { sha256: string; doneChunks: number; chunking: ChunkCut };

const importNote = versionedNote<ImportNote>("import", 1, isImportNote);

/** Notes that the first chunks of an archive are in, so that a restart goes on after them. The restore has read the note under its lock. */
export function writeImportNote(journal: Journal, sha256: string, doneChunks: number, cut: ChunkCut, options?: CallOptions): Promise<void> {
  return importNote.rewrite(journal, { sha256, doneChunks, chunking: cut }, options);
}

/**
 * How many chunks of this very archive an earlier process has noted as imported; 0 when nothing is known of it.
 *
 * The note may have outlived its import: a database can lose its last commits with power.
 */
export async function readDoneChunks(journal: Journal, sha256: string, cut: ChunkCut, options?: CallOptions): Promise<number> {
  const note = await importNote.read(journal, options);
  return note?.sha256 === sha256 && isSameCut(note.chunking, cut) ? note.doneChunks : 0;
}

export function removeImportNote(journal: Journal): Promise<void> {
  return importNote.remove(journal);
}

function isImportNote(note: unknown): note is ImportNote {
  const { sha256, doneChunks, chunking: cut } = note as Partial<ImportNote>;
  return (
    typeof sha256 === "string" && Number.isSafeInteger(doneChunks) && (doneChunks as number) >= 0 && typeof cut === "object" && cut !== null
  );
}

function isSameCut(noted: ChunkCut, cut: ChunkCut): boolean {
  return (Object.keys(cut) as (keyof ChunkCut)[]).every((part) => cut[part] === noted[part]);
}
