import type { InterruptedTask } from "../model/interruption.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { Journal } from "../ports/journal.ts";

const noteName = "task";

/** Notes what is under way, so that the next start can clean up after a kill; ids and stages only. */
export function writeTaskNote(journal: Journal, task: InterruptedTask, options?: CallOptions): Promise<void> {
  return journal.write(noteName, task, options);
}

/** What an earlier process left under way, if anything. */
export async function readTaskNote(journal: Journal, options?: CallOptions): Promise<InterruptedTask | undefined> {
  const note = await journal.read(noteName, options);
  const isTask = typeof note === "object" && note !== null && "kind" in note && "taskId" in note && "stage" in note;
  return isTask ? (note as unknown as InterruptedTask) : undefined;
}

export function removeTaskNote(journal: Journal): Promise<void> {
  return journal.remove(noteName);
}
