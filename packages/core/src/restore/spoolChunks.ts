import type { ArchiveChunk } from "@xmtp-backup/archive";
import type { Host, TemporaryArchive } from "../ports/host.ts";
import type { CallOptions } from "../ports/callOptions.ts";

/** A chunk where its import reads it from, until it is released. */
export type SpooledChunk = Omit<ArchiveChunk, "bytes" | "release"> & { archive: TemporaryArchive };

/** The same chunks, as files of the host if it imports files: so no import waits until its chunk is written. */
export async function* spoolChunks(host: Host, chunks: AsyncIterable<ArchiveChunk>, options: CallOptions): AsyncGenerator<SpooledChunk> {
  const toArchive = host.features.archivesInMemory ? inMemory : (bytes: Bytes) => host.spool(streamOf(bytes), options);
  for await (const { bytes, release, ...chunk } of chunks) {
    const archive = await toArchive(bytes);
    release();
    yield { ...chunk, archive };
  }
}

type Bytes = ArchiveChunk["bytes"];

function inMemory(bytes: Bytes): TemporaryArchive {
  return { blob: new Blob([bytes]), release: async () => undefined };
}

function streamOf(bytes: Bytes): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
