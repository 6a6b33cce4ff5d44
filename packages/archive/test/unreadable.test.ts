import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { openAsBlob } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hashArchive, inspectArchive, mergeArchives, previewArchive, readArchive, validateArchive } from "../src/index.ts";
import { testKey, write } from "../test-support/archives.ts";
import { nodePrimitives } from "../test-support/nodePrimitives.ts";
import { sampleRecords } from "../test-support/records.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unreadable-"));
});
afterAll(() => rm(folder, { recursive: true }));

const drain = async (values: AsyncIterable<unknown>) => {
  for await (const _ of values);
};

/** Everything that reads an archive. */
const readers: [string, (archive: Blob) => Promise<unknown>][] = [
  ["validateArchive", (archive) => validateArchive(archive, testKey)],
  ["validateArchive with Node's primitives", (archive) => validateArchive(archive, testKey, { primitives: nodePrimitives })],
  ["inspectArchive", (archive) => inspectArchive(archive, testKey, { expectedSha256: "0".repeat(64) })],
  ["previewArchive", (archive) => previewArchive(archive, testKey)],
  ["readArchive", (archive) => drain(readArchive(archive, testKey))],
  ["hashArchive", (archive) => hashArchive(archive)],
  ["hashArchive with Node's primitives", (archive) => hashArchive(archive, { primitives: nodePrimitives })],
  ["mergeArchives", async (archive) => drain((await mergeArchives([{ blob: archive, key: testKey }], testKey)).stream)],
];

/** An archive in a file, to which something happens after it was opened. */
const fileThen = async (happens: (path: string, size: number) => Promise<void>): Promise<Blob> => {
  const path = join(folder, crypto.randomUUID());
  const bytes = await write(sampleRecords(40));
  await writeFile(path, bytes);
  const archive = await openAsBlob(path);
  await happens(path, bytes.length);
  return archive;
};

/** A blob whose disk gives no more after that many bytes: an error, or the end. */
const failingAfter = async (count: number, error?: Error): Promise<Blob> => {
  const bytes = await write(sampleRecords(40));
  const given = bytes.subarray(0, count);
  const stream = (part: Uint8Array) =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (part.length > 0) controller.enqueue(part.slice());
        if (error) controller.error(error);
        else controller.close();
      },
    });
  const view = (from: number, to: number) => ({
    size: to - from,
    slice: (start = 0, end = to - from) => view(from + start, Math.min(from + end, to)),
    stream: () => stream(given.subarray(from, to)),
    arrayBuffer: async () => {
      if (error) throw error;
      return given.slice(from, to).buffer;
    },
  });
  return view(0, bytes.length) as unknown as Blob;
};

describe.each(readers)("%s", (_name, run) => {
  test("behavior: a file that is gone says nothing of the archive", async () => {
    await expect(run(await fileThen((path) => rm(path)))).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE" });
  });

  test("behavior: a file that was cut or written meanwhile neither", async () => {
    await expect(run(await fileThen((path, size) => truncate(path, size - 100)))).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE" });
    await expect(run(await fileThen((path) => writeFile(path, "another file")))).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE" });
  });

  test("behavior: nor does a disk that fails or ends early, wherever it is", async () => {
    for (const count of [0, 10, 200, 1_000]) {
      await expect(run(await failingAfter(count, new Error("EIO")))).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE" });
      await expect(run(await failingAfter(count))).rejects.toMatchObject({ code: "ARCHIVE_UNREADABLE" });
    }
  });
});
