import { type ArchiveReport, validateArchive } from "@xmtp-backup/archive";
import { fromBase64, toBase64 } from "../archives/base64.ts";
import { fingerprintOf } from "../archives/manifestKey.ts";
import { createTurns } from "../ports/createTurns.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { ExportRequest, HostIdentity, MessageRange, TemporaryArchive } from "../ports/host.ts";
import { findUnchanged } from "./findUnchanged.ts";
import { forgetSlices, removeAllBut, sliceName } from "./keptSlices.ts";
import { rangesBetween, sameRange } from "./rules/rangesBetween.ts";
import { isWithin } from "./rules/timeRanges.ts";
import { sliceKeyOf } from "./sliceKey.ts";
import { isTooOld, type NotedSlice, readSliceNote, type SliceNote, writeSliceNote } from "./sliceNote.ts";
import type { ClientSurvey } from "./surveyClient.ts";

/** A slice that an earlier backup exported, and that this one takes over. */
export type TakenSlice = { index: number; archive: TemporaryArchive; messages: number; exportedAtMs: number };

export type SliceKeeper = {
  /** The key of every slice, to be overwritten after use. */
  sliceKey: Uint8Array;
  /** The slices that an earlier backup planned; absent where this one plans its own. */
  ranges?: MessageRange[];
  taken: TakenSlice[];
  /** Says which slices there will be. */
  plan(ranges: readonly MessageRange[]): void;
  /** Keeps a slice on this device, and answers with the archive to check and to go on with. A failure only means that it is not kept. */
  copy(slice: TemporaryArchive, request: ExportRequest): Promise<TemporaryArchive>;
  /** Notes a copy that was checked, for a backup that comes after a kill. */
  note(copy: TemporaryArchive, sha256: string): Promise<void>;
};

export type SliceKeeperOptions = {
  identity: HostIdentity;
  /** The archive key. */
  key: Uint8Array;
  request: ExportRequest;
  survey: ClientSurvey;
  /** The revision of each conversation, before the export; undefined where nobody can tell. */
  revisions: ReadonlyMap<string, number> | undefined;
  signal: AbortSignal;
};

/** A shorter export is made again sooner than its slices are kept. */
export const leastKeptMessages = 20_000;
/** Without revisions, a slice is taken over for this long only. */
const uncountedForMs = 60 * 60 * 1000;
const mostKeptBytes = 2 ** 31;

/**
 * Keeps the slices of a long export on this device, so that a backup that was killed goes on where it was.
 *
 * The note is a hint. A slice is taken over where its bytes are the noted ones and each of its records is authentic. The client must still
 * hold the same: as many messages in each conversation, and conversations that nobody changed. Every other slice is exported again.
 */
export async function createSliceKeeper(
  { host, journal, clock }: Dependencies,
  { identity, key, request, survey, revisions, signal }: SliceKeeperOptions,
): Promise<SliceKeeper | undefined> {
  const { kept, primitives } = host;
  if (!kept || !host.features.timeSlices || survey.totalMessages < leastKeptMessages) return undefined;
  const description = await describe(identity, key, request);
  const earlier = await readSliceNote(journal, { signal });
  const planned =
    earlier && earlier.request === description && !isTooOld(earlier, clock.now()) ? rangesBetween(request, earlier.cuts) : undefined;
  if (!planned) await forgetSlices({ host, journal }, { signal });
  const salt = crypto.getRandomValues(new Uint8Array(16));
  let note: SliceNote =
    planned && earlier
      ? { ...earlier, slices: [] }
      : { runId: crypto.randomUUID(), request: description, salt: toBase64(salt), startedAtMs: clock.now(), cuts: [], slices: [] };
  const sliceKey = await sliceKeyOf(key, fromBase64(note.salt));
  let ranges: readonly MessageRange[] = planned ?? [];
  const inTurn = createTurns<"note">();

  /** Which slice each copy is. */
  const copies = new Map<TemporaryArchive, number>();
  const revisionsIn = (range: MessageRange) => revisions && digestRevisions(createdIn(range, survey), revisions, survey.inactiveIds);

  /** The slice with what it holds, where it is what was noted and nobody changed its conversations. */
  async function read(slice: NotedSlice) {
    const range = ranges[slice.index];
    const blob = range && (await kept?.get(sliceName(note, slice), { signal }));
    if (!blob || blob.size !== slice.sizeBytes) return undefined;
    const report = await validateArchive(blob, sliceKey, { signal, primitives });
    const { metadata, sha256 } = report;
    const isNoted = sha256 === slice.sha256 && sameRange(metadata, range) && metadata.elements.join() === "messages";
    if (!isNoted || !holdsAll(report, createdIn(range, survey))) return undefined;
    const isCurrent = revisions ? (await revisionsIn(range)) === slice.revisions : clock.now() - slice.exportedAtMs < uncountedForMs;
    return isCurrent ? { ...slice, slice, range, blob, report } : undefined;
  }

  async function takeOver(slices: readonly NotedSlice[]): Promise<TakenSlice[]> {
    const readable: NonNullable<Awaited<ReturnType<typeof read>>>[] = [];
    for (const slice of slices) {
      const found = await read(slice).catch(() => undefined);
      signal.throwIfAborted();
      if (found && !readable.some(({ index }) => index === found.index)) readable.push(found);
    }
    const unchanged = await findUnchanged(host, readable, survey, signal);
    note = { ...note, slices: unchanged.map(({ slice }) => slice) };
    return unchanged.map(({ index, blob, report, exportedAtMs }) => ({
      index,
      archive: { blob, release: async () => undefined },
      messages: report.counts.messages,
      exportedAtMs,
    }));
  }

  /** Room for the slices to come and for the merged archive stays free. */
  async function hasRoom(sizeBytes: number): Promise<boolean> {
    const keptBytes = note.slices.reduce((sum, slice) => sum + slice.sizeBytes, 0);
    if (keptBytes + sizeBytes > mostKeptBytes) return false;
    const freeBytes = await host.freeBytes?.({ signal }).catch(() => undefined);
    return freeBytes === undefined || freeBytes - sizeBytes > 2 * sizeBytes * ranges.length;
  }

  async function put(slice: TemporaryArchive, index: number): Promise<TemporaryArchive> {
    const { size } = slice.blob;
    if (!kept || !(await hasRoom(size))) return slice;
    const name = sliceName(note, { index });
    await kept.put(name, slice.blob, { signal });
    const blob = await kept.get(name, { signal });
    if (blob?.size !== size) return slice;
    await slice.release();
    const copy = { blob, release: async () => undefined };
    copies.set(copy, index);
    return copy;
  }

  async function noteCopy(index: number, sizeBytes: number, sha256: string): Promise<void> {
    const digest = await revisionsIn(ranges[index] as MessageRange);
    const noted = { index, sizeBytes, sha256, exportedAtMs: clock.now(), ...(digest !== undefined && { revisions: digest }) };
    await inTurn("note", () => {
      note = { ...note, slices: [...note.slices.filter((slice) => slice.index !== index), noted] };
      return writeSliceNote(journal, note, { signal });
    });
  }

  let taken: TakenSlice[] = [];
  try {
    if (planned && earlier) taken = await takeOver(earlier.slices);
    await removeAllBut({ host }, new Set(note.slices.map((slice) => sliceName(note, slice))), { signal }).catch(() => undefined);
    signal.throwIfAborted();
  } catch (error) {
    sliceKey.fill(0);
    throw error;
  }
  return {
    sliceKey,
    ...(planned && { ranges: planned }),
    taken,
    plan(next) {
      ranges = next;
      note = { ...note, cuts: next.slice(1).map(({ startNs }) => String(startNs)) };
    },
    async copy(slice, request) {
      const index = ranges.findIndex((range) => sameRange(range, request));
      if (index < 0 || request.elements.join() !== "messages") return slice;
      try {
        return await put(slice, index);
      } catch {
        signal.throwIfAborted();
        return slice;
      }
    },
    async note(copy, sha256) {
      const index = copies.get(copy);
      try {
        if (index !== undefined) await noteCopy(index, copy.blob.size, sha256);
      } catch {
        signal.throwIfAborted();
      }
    },
  };
}

/** The conversations whose records an export of the range writes. */
function createdIn(range: MessageRange, { createdAtNs, broken }: ClientSurvey): string[] {
  const unreadable = new Set(broken.map(({ id }) => id));
  return [...createdAtNs].flatMap(([id, timeNs]) => (isWithin(timeNs, range) && !unreadable.has(id) ? [id] : []));
}

function holdsAll({ conversations }: ArchiveReport, ids: readonly string[]): boolean {
  const held = new Set(conversations.map(({ id }) => id));
  return ids.length === held.size && ids.every((id) => held.has(id));
}

/** What identifies a backup that may go on with another one's slices; nothing in it is secret. */
async function describe({ inboxId, installationId, network }: HostIdentity, key: Uint8Array, request: ExportRequest): Promise<string> {
  const { elements, startNs, endNs, excludeDisappearingMessages = false } = request;
  const range = [startNs, endNs].map((timeNs) => timeNs?.toString() ?? "");
  return JSON.stringify([
    inboxId,
    installationId,
    network ?? "",
    await fingerprintOf(key),
    elements,
    ...range,
    excludeDisappearingMessages,
  ]);
}

async function digestRevisions(
  ids: readonly string[],
  revisions: ReadonlyMap<string, number>,
  inactiveIds: ReadonlySet<string>,
): Promise<string> {
  const lines = ids.map((id) => `${id} ${revisions.get(id) ?? ""} ${inactiveIds.has(id)}`).sort();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join("\n")));
  return toBase64(new Uint8Array(digest));
}
