import { fromBase64, toBase64 } from "../archives/base64.ts";
import { fingerprintOf } from "../archives/manifestKey.ts";
import { createTurns } from "../ports/createTurns.ts";
import type { Dependencies } from "../ports/dependencies.ts";
import type { ExportRequest, HostIdentity, MessageRange, TemporaryArchive } from "../ports/host.ts";
import type { CheckedSlice } from "./createSliceMerge.ts";
import { forgetSlices, removeAllBut, sliceName } from "./keptSlices.ts";
import { createdIn } from "./rules/createdIn.ts";
import { digestRevisions } from "./digestRevisions.ts";
import { rangesBetween, sameRange } from "./rules/rangesBetween.ts";
import { isLastingSlice } from "./rules/isLastingSlice.ts";
import { sliceKeyOf } from "./sliceKey.ts";
import { isTooOld, readSliceNote, type SliceNote, writeSliceNote } from "./sliceNote.ts";
import type { ClientSurvey } from "./surveyClient.ts";
import { type TakenSlice, takeOverSlices } from "./takeOverSlices.ts";

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
  note(copy: TemporaryArchive, checked: Pick<CheckedSlice, "sha256" | "unsent">): Promise<void>;
};

export type SliceKeeperOptions = {
  identity: HostIdentity;
  /** The archive key. */
  key: Uint8Array;
  request: ExportRequest;
  survey: ClientSurvey;
  /** The revision of each conversation, before the export; undefined where nobody can tell. */
  revisions: ReadonlyMap<string, number> | undefined;
  /** It goes on with what another such backup exported, and with nothing else. @default false */
  fresh?: boolean | undefined;
  /** Called when slices of another backup are given up, so that all that are kept from then on are of this one. */
  onKeeping?: (() => void) | undefined;
  signal: AbortSignal;
};

/** A shorter export is made again sooner than its slices are kept. */
export const leastKeptMessages = 20_000;
const mostKeptBytes = 2 ** 31;

/**
 * Keeps the slices of a long export on this device, so that a backup that was killed goes on where it was.
 *
 * The note is a hint. A slice is taken over where its bytes are the noted ones and each of its records is authentic. The client must still
 * hold the same: as many messages in each conversation, and conversations that nobody changed. Every other slice is exported again.
 */
export async function createSliceKeeper(
  { host, journal, clock }: Dependencies,
  { identity, key, request, survey, revisions, fresh = false, onKeeping, signal }: SliceKeeperOptions,
): Promise<SliceKeeper | undefined> {
  const { kept } = host;
  if (!kept || !host.features.timeSlices || survey.totalMessages < leastKeptMessages) return undefined;
  const description = await describe(identity, key, request, fresh);
  signal.throwIfAborted();
  onKeeping?.();
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
    if (planned && earlier)
      taken = await takeOverSlices({ host, clock }, { note: earlier, ranges: planned, sliceKey, survey, revisionsIn, signal });
    note = { ...note, slices: taken.map(({ noted }) => noted) };
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
      const isLasting = isLastingSlice(request, { exportedAtMs: clock.now(), unsent: 0 });
      if (index < 0 || !isLasting || request.elements.join() !== "messages") return slice;
      try {
        return await put(slice, index);
      } catch {
        signal.throwIfAborted();
        return slice;
      }
    },
    async note(copy, { sha256, unsent }) {
      const index = copies.get(copy);
      try {
        if (index !== undefined && sha256 !== undefined && unsent === 0) await noteCopy(index, copy.blob.size, sha256);
      } catch {
        signal.throwIfAborted();
      }
    },
  };
}

/** What identifies a backup that may go on with another one's slices; nothing in it is secret. */
async function describe(
  { inboxId, installationId, network }: HostIdentity,
  key: Uint8Array,
  request: ExportRequest,
  fresh: boolean,
): Promise<string> {
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
    fresh,
  ]);
}
