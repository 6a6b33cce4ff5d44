import type { OpenEntry } from "../archives/openStored.ts";
import type { ArchiveId } from "../ports/archiveId.ts";
import type { CallOptions } from "../ports/callOptions.ts";
import type { MessageRange } from "../ports/host.ts";
import type { Journal } from "../ports/journal.ts";
import { versionedNote } from "../tasks/versionedNote.ts";

/** An archive of a restore point, at hand. */
export type LastPart = { entry: OpenEntry; blob: Blob };

/** The last archive as a part of the next one: what fresh exports replace is left out of it. */
export type ReusedArchive = {
  id: ArchiveId;
  blob: Blob;
  key: Uint8Array;
  /** @default it was checked before */
  sha256?: string | undefined;
  /** The archives that it is made of, the whole one first. */
  chain: readonly LastPart[];
  except: { consent: boolean; sentIn: MessageRange[]; butOf?: ReadonlySet<string> };
  /** Whether it is part of the merge already. */
  isRead: boolean;
};

/** The archive from which no good one could be made, so that the next backup exports everything. */
const note = versionedNote<{ id: ArchiveId }>("not-reused", 1, (value): value is { id: ArchiveId } => {
  return typeof (value as { id?: unknown }).id === "string";
});

/** Notes that nothing is to be built on an archive; what can't be noted is tried again. */
export async function distrust(journal: Journal, id: ArchiveId): Promise<void> {
  await note.write(journal, { id }).catch(() => undefined);
}

/** The archive that nothing is built on, if any. */
export async function readDistrusted(journal: Journal, options: CallOptions): Promise<ArchiveId | undefined> {
  return (await note.read(journal, options).catch(() => undefined))?.id;
}
