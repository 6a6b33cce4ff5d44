import type { InterruptedTask } from "./interruptedTask.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "./versionedNote.ts";

const taskNote = versionedNote<InterruptedTask>("task", 1, isTask);

/** Notes what is under way, so that the next start can clean up after a kill; ids and stages only. */
export function writeTaskNote(journal: Journal, task: InterruptedTask, options?: CallOptions): Promise<void> {
  return taskNote.write(journal, task, options);
}

/** The same for a task that has held its lock since its first note. */
export function rewriteTaskNote(journal: Journal, task: InterruptedTask, options?: CallOptions): Promise<void> {
  return taskNote.rewrite(journal, task, options);
}

/** What an earlier process left under way, if anything. */
export function readTaskNote(journal: Journal, options?: CallOptions): Promise<InterruptedTask | undefined> {
  return taskNote.read(journal, options);
}

/** Removes the note of a task that has held its lock since it wrote it. */
export function removeOwnTaskNote(journal: Journal): Promise<void> {
  return taskNote.removeOwn(journal);
}

export function removeTaskNote(journal: Journal): Promise<void> {
  return taskNote.remove(journal);
}

function isTask(note: unknown): note is InterruptedTask {
  const { kind, taskId, stage, archiveId } = note as Partial<Record<keyof InterruptedTask, unknown>>;
  const isId = (id: unknown) => typeof id === "string";
  return (kind === "backup" || kind === "restore") && isId(taskId) && isId(stage) && (archiveId === undefined || isId(archiveId));
}
