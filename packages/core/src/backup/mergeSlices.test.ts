import { type ArchiveRecord, readArchive, writeArchive } from "@xmtp-backup/archive";
import { expect, test } from "vitest";
import type { TemporaryArchive } from "../ports/host.ts";
import type { Progress } from "../tasks/progress.ts";
import { createSliceMerge } from "./createSliceMerge.ts";
import { mergeSlices } from "./mergeSlices.ts";

const sliceKey = new Uint8Array(32).fill(1);
const key = new Uint8Array(32).fill(2);
const { signal } = new AbortController();

/** A slice that counts how often it is read from its start. */
async function sliceOf(events: number[], exportedAtNs: bigint): Promise<TemporaryArchive & { readings(): number }> {
  const records: ArchiveRecord[] = [
    { kind: "metadata", metadata: { elements: ["messages"], exportedAtNs } },
    ...events.map((number): ArchiveRecord => ({ kind: "event", event: Uint8Array.of(8, number) })),
  ];
  const blob = await new Response(writeArchive(records, sliceKey)).blob();
  let readings = 0;
  const counted = Object.assign(blob.slice(), {
    slice(start: number, end: number) {
      if (start === 0 && end > 14) readings += 1;
      return blob.slice(start, end);
    },
  });
  return { blob: counted, release: async () => undefined, readings: () => readings };
}

async function eventsOf(stream: ReadableStream<Uint8Array>): Promise<number[]> {
  const events: number[] = [];
  for await (const record of readArchive(await new Response(stream).blob(), key)) {
    if (record.kind === "event") events.push(record.event[1] as number);
  }
  return events;
}

test("default: a slice is read once when it is exported, and once when it is written", async () => {
  const slices = [await sliceOf([1, 2], 1n), await sliceOf([3], 2n)];
  const merge = createSliceMerge({}, sliceKey);
  for (const slice of slices) await merge.addSlice(slice, { signal });
  expect(slices.map(({ readings }) => readings())).toEqual([1, 1]);
  const { stream } = await mergeSlices({ slices, merge }, key, {
    signal,
    report: () => undefined,
    deletions: [],
    restoredValues: () => undefined,
  });
  expect(slices.map(({ readings }) => readings())).toEqual([1, 1]);
  expect(await eventsOf(stream)).toEqual([1, 2, 3]);
  expect(slices.map(({ readings }) => readings())).toEqual([2, 2]);
});

test("behavior: a slice that is not planned yet is not lost, nor is the archive that slices go on from", async () => {
  const [planned, unplanned, last] = [await sliceOf([1], 1n), await sliceOf([2], 2n), await sliceOf([3], 3n)];
  const merge = createSliceMerge({}, sliceKey);
  await merge.addSlice(planned, { signal });
  const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", await last.blob.arrayBuffer())).toString("hex");
  const reused = {
    id: "0".repeat(32),
    blob: last.blob,
    key: sliceKey,
    sha256,
    except: { consent: true, sentIn: [] },
    isRead: false,
    chain: [],
  };
  const seen: Progress[] = [];
  const tools = { signal, report: (progress: Progress) => void seen.push(progress) };
  const slices = [planned, unplanned];
  const { stream } = await mergeSlices({ slices, merge, reused }, key, { ...tools, deletions: [], restoredValues: () => undefined });
  expect((await eventsOf(stream)).toSorted()).toEqual([1, 2, 3]);
  const done = seen.flatMap((progress) => (progress.kind === "determinate" ? [progress.done] : []));
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toMatchObject({
    done: [...slices, last, unplanned, last].reduce((total, { blob }) => total + blob.size, 0),
    unit: "bytes",
  });
});

test("behavior: a last archive of another hash is refused", async () => {
  const last = await sliceOf([3], 3n);
  const reused = {
    id: "0".repeat(32),
    blob: last.blob,
    key: sliceKey,
    sha256: "0".repeat(64),
    except: { consent: true, sentIn: [] },
    isRead: false,
    chain: [],
  };
  const tools = { signal, report: () => undefined, deletions: [], restoredValues: () => undefined };
  const merging = mergeSlices({ slices: [], merge: createSliceMerge({}, sliceKey), reused }, key, tools);
  await expect(merging).rejects.toMatchObject({ code: "ARCHIVE_HASH_MISMATCH" });
});
