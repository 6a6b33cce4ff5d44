import { type ArchiveReport, validateArchive } from "@xmtp-backup/archive";
import type { Dependencies } from "../ports/dependencies.ts";
import type { MessageRange, TemporaryArchive } from "../ports/host.ts";
import { type EarlierSlice, findUnchanged } from "./findUnchanged.ts";
import { sliceName } from "./keptSlices.ts";
import { createdIn } from "./rules/createdIn.ts";
import { isLastingSlice, unsentIn } from "./rules/isLastingSlice.ts";
import { sameRange } from "./rules/rangesBetween.ts";
import type { NotedSlice, SliceNote } from "./sliceNote.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** A slice that an earlier backup exported, and that this one takes over. */
export type TakenSlice = { noted: NotedSlice; archive: TemporaryArchive; messages: number };

export type TakeOverOptions = {
  /** What the earlier backup noted. */
  note: SliceNote;
  /** The slices that it planned. */
  ranges: readonly MessageRange[];
  sliceKey: Uint8Array;
  survey: ClientSurvey;
  /** A digest of the revisions of the conversations of a range; undefined where nobody can tell. */
  revisionsIn(range: MessageRange): Promise<string> | undefined;
  signal: AbortSignal;
};

/** Without revisions, a slice is taken over for this long only. */
const uncountedForMs = 60 * 60 * 1000;

/**
 * The slices of an earlier backup that hold what the client still does. The bytes are the noted ones, each record is authentic, and
 * nobody changed a conversation since. A slice that can't be read is exported again.
 */
export async function takeOverSlices(
  { host, clock }: Pick<Dependencies, "host" | "clock">,
  { note, ranges, sliceKey, survey, revisionsIn, signal }: TakeOverOptions,
): Promise<TakenSlice[]> {
  const { kept, primitives } = host;

  /** The slice with what it holds, where it is what was noted and nobody changed its conversations. */
  async function read(noted: NotedSlice): Promise<(EarlierSlice & { noted: NotedSlice; blob: Blob }) | undefined> {
    const range = ranges[noted.index];
    const blob = range && (await kept?.get(sliceName(note, noted), { signal }));
    if (!blob || blob.size !== noted.sizeBytes) return undefined;
    const report = await validateArchive(blob, sliceKey, { signal, primitives });
    const { metadata, sha256 } = report;
    const isNoted = sha256 === noted.sha256 && sameRange(metadata, range) && metadata.elements.join() === "messages";
    const isLasting = isLastingSlice(range, { exportedAtMs: noted.exportedAtMs, unsent: unsentIn(report) });
    if (!isNoted || !isLasting || !holdsAll(report, createdIn(range, survey))) return undefined;
    const revisions = await revisionsIn(range);
    const isCurrent = revisions === undefined ? clock.now() - noted.exportedAtMs < uncountedForMs : revisions === noted.revisions;
    return isCurrent ? { range, report, noted, blob } : undefined;
  }

  const readable: NonNullable<Awaited<ReturnType<typeof read>>>[] = [];
  for (const noted of note.slices) {
    const found = await read(noted).catch(() => undefined);
    signal.throwIfAborted();
    if (found && !readable.some(({ range }) => sameRange(range, found.range))) readable.push(found);
  }
  return (await findUnchanged(host, readable, survey, signal)).map(({ noted, blob, report }) => ({
    noted,
    archive: { blob, release: async () => undefined },
    messages: report.counts.messages,
  }));
}

function holdsAll({ conversations }: ArchiveReport, ids: readonly string[]): boolean {
  const held = new Set(conversations.map(({ id }) => id));
  return ids.length === held.size && ids.every((id) => held.has(id));
}
