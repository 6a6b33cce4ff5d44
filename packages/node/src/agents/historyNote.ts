import type { Journal } from "@xmtp-backup/core";

const name = "agent-history";

/** What is noted beside the database of an agent's history. */
export type HistoryNote = {
  /** When all of the history was here, in milliseconds since 1970. Absent while some of it is still to come. */
  settledAtMs?: number;
  /** When the newest message was sent that a restore brings, in milliseconds since 1970. Absent when none brings any. */
  restoredUpToMs?: number;
};

export async function readHistoryNote(journal: Pick<Journal, "read">): Promise<HistoryNote> {
  const known = await journal.read(name);
  if (typeof known !== "object" || known === null) return {};
  const { settledAtMs, restoredUpToMs } = known as { [key: string]: unknown };
  return {
    ...(typeof settledAtMs === "number" && { settledAtMs }),
    ...(typeof restoredUpToMs === "number" && { restoredUpToMs }),
  };
}

/** @throws JOURNAL_FAILED when it can't be kept */
export async function writeHistoryNote(journal: Pick<Journal, "write">, note: HistoryNote): Promise<void> {
  await journal.write(name, { version: 1, ...note });
}
