/** One block of a zstd frame: where its content stands in the file, and how much it decodes to. */
export type BlockLayout = { type: "stored" | "run" | "compressed"; contentBytes: number; decodedBytes: number };

/** Where everything stands in an archive file, for models of what reads it. */
export type FrameLayout = {
  /** Version, nonce and zstd frame header. */
  headBytes: number;
  blocks: BlockLayout[];
  checksumBytes: number;
  decoded: Uint8Array;
};

const types = ["stored", "run", "compressed"] as const;

/** Takes a frame apart; `decompress` decodes it whole, and tells how much each compressed block decodes to. */
export const frameLayout = (archive: Uint8Array, decompress: (frame: Uint8Array) => Uint8Array): FrameLayout => {
  const frame = archive.subarray(14);
  const decoded = decompress(frame);
  const descriptor = frame[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  let at = 5 + (isSingle ? 0 : 1) + sizeBytes;
  const headBytes = 14 + at;
  const blocks: BlockLayout[] = [];
  for (let isLast = false; !isLast; ) {
    const header = (frame[at] ?? 0) | ((frame[at + 1] ?? 0) << 8) | ((frame[at + 2] ?? 0) << 16);
    isLast = (header & 1) === 1;
    const type = types[(header >> 1) & 3] ?? "stored";
    const size = header >> 3;
    const contentBytes = type === "run" ? 1 : size;
    at += 3 + contentBytes;
    blocks.push({ type, contentBytes, decodedBytes: type === "compressed" ? -1 : size });
  }
  // Ciphertext hardly compresses, so the known sizes leave one unknown at a time only when blocks are decoded in turn.
  let known = 0;
  let start = headBytes - 14;
  for (const block of blocks) {
    start += 3 + block.contentBytes;
    if (block.decodedBytes < 0) {
      // A frame that ends here: the block's header with its last-block bit set.
      const prefix = new Uint8Array(frame.subarray(0, start));
      const header = start - block.contentBytes - 3;
      prefix[header] = (prefix[header] ?? 0) | 1;
      block.decodedBytes = decompress(prefix).length - known;
    }
    known += block.decodedBytes;
  }
  return { headBytes, blocks, checksumBytes: (descriptor & 4) === 0 ? 0 : 4, decoded };
};
