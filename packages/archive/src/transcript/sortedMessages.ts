import type { ArchiveMessage } from "../model/archiveRecord.ts";
import { decodeRecord } from "../protobuf/recordCodec.ts";
import { ELEMENT, RecordScan } from "../protobuf/recordScan.ts";
import { openArchive } from "../read/openArchive.ts";
import type { ArchiveReadOptions } from "../read/archiveReadOptions.ts";

/** Where a message belongs: by conversation, time and place in the archive. */
type Place = { rank: number; high: number; low: number; index: number };
type Waiting = Place & { bytes: Uint8Array };

const inOrder = (a: Place, b: Place): number => a.rank - b.rank || a.high - b.high || a.low - b.low || a.index - b.index;

/** Memory that a waiting message takes besides its content. */
const OVERHEAD_BYTES = 200;

/** The first messages after a given one, as many as the memory holds. */
class FirstMessages {
  list: Waiting[] = [];
  /** The first message that was left for the next time, with all after it. */
  rest: Place | undefined;
  #bytes = 0;
  readonly #after: Place | undefined;
  readonly #memoryBytes: number;

  constructor(after: Place | undefined, memoryBytes: number) {
    this.#after = after;
    this.#memoryBytes = memoryBytes;
  }

  add(place: Place, bytes: Uint8Array): void {
    if (this.#after !== undefined && inOrder(place, this.#after) <= 0) return;
    if (this.rest !== undefined && inOrder(place, this.rest) >= 0) return;
    this.list.push({ ...place, bytes: bytes.slice() });
    this.#bytes += bytes.length + OVERHEAD_BYTES;
    if (this.#bytes > 2 * this.#memoryBytes) this.sort();
  }

  /** Sorts, and lets go of what the memory does not hold. */
  sort(): void {
    this.list.sort(inOrder);
    this.#bytes = 0;
    for (let count = 0; count < this.list.length; count++) {
      const bytes = (this.list[count] as Waiting).bytes.length + OVERHEAD_BYTES;
      if (count > 0 && this.#bytes + bytes > this.#memoryBytes) {
        this.rest = this.list[count];
        this.list.length = count;
        return;
      }
      this.#bytes += bytes;
    }
  }
}

/**
 * Gives out messages conversation by conversation and by time, in bounded memory. An archive holds them in no order. So it is read
 * through as often as its messages fill the memory, and each time the next ones are kept.
 */
export async function* sortedMessages(
  blob: Blob,
  key: Uint8Array,
  options: ArchiveReadOptions,
  rankOf: (conversationId: Uint8Array) => number | undefined,
  isShown: (scan: RecordScan) => boolean,
  memoryBytes: number,
): AsyncGenerator<{ rank: number; message: ArchiveMessage }, void, void> {
  const scan = new RecordScan();
  const sameTime = new Set<string>();
  let last: Place | undefined;
  let isPart = true;
  while (isPart) {
    const first = new FirstMessages(last, memoryBytes);
    for await (const { records, firstIndex } of openArchive(blob, key, options)) {
      records.forEach((record, at) => {
        scan.scan(record);
        const rank =
          scan.element === ELEMENT.message && isShown(scan) ? rankOf(scan.bytes.subarray(scan.groupStart, scan.groupEnd)) : undefined;
        if (rank === undefined) return;
        first.add({ rank, high: scan.sentHigh | 0, low: scan.sentLow, index: firstIndex + at }, scan.bytes);
      });
    }
    first.sort();
    for (const place of first.list) {
      // A message that the archive holds twice has the same time both times.
      if (last?.rank !== place.rank || last.high !== place.high || last.low !== place.low) sameTime.clear();
      last = place;
      const record = decodeRecord(place.bytes);
      if (record.kind !== "message" || sameTime.has(record.message.id)) continue;
      sameTime.add(record.message.id);
      yield { rank: place.rank, message: record.message };
    }
    isPart = first.rest !== undefined;
  }
}
