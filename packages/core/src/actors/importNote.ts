import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";

const noteName = "import";

/** Notes that the first chunks of an archive are in, so that a restart goes on after them. */
export function writeImportNote(journal: Journal, sha256: string, doneChunks: number, options?: CallOptions): Promise<void> {
  return journal.write(noteName, { sha256, doneChunks }, options);
}

/** How many chunks of this very archive are in already; 0 when nothing is known of it. */
export async function readDoneChunks(journal: Journal, sha256: string, options?: CallOptions): Promise<number> {
  const note = await journal.read(noteName, options);
  const isOurs = typeof note === "object" && note !== null && "sha256" in note && note["sha256"] === sha256;
  const doneChunks = isOurs && "doneChunks" in note ? note["doneChunks"] : 0;
  return typeof doneChunks === "number" ? doneChunks : 0;
}

export function removeImportNote(journal: Journal): Promise<void> {
  return journal.remove(noteName);
}
