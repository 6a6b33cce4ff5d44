import { ArchiveError } from "../model/archiveError.ts";

/** What a zstd frame says about itself. */
export type FrameHeader = {
  /** How far back a block may refer, in bytes. */
  windowBytes: number;
  /** The decoded size, if the frame tells. */
  contentBytes: number | undefined;
  hasChecksum: boolean;
};

/** First bytes of a frame: magic number and descriptor. */
export const FRAME_START_BYTES = 5;

const flagsOf = (descriptor: number) => ({
  singleSegment: (descriptor & 0x20) !== 0,
  sizeBytes: [descriptor & 0x20 ? 1 : 0, 2, 4, 8][descriptor >> 6] as number,
  dictionaryBytes: [0, 1, 2, 4][descriptor & 3] as number,
});

export const hasMagic = (bytes: Uint8Array): boolean => bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;

/** Length of the whole frame header, from its first five bytes. */
export const frameHeaderBytes = (start: Uint8Array): number => {
  const { singleSegment, sizeBytes, dictionaryBytes } = flagsOf(start[4] as number);
  return FRAME_START_BYTES + (singleSegment ? 0 : 1) + dictionaryBytes + sizeBytes;
};

/**
 * Reads a whole frame header (RFC 8878, section 3.1.1.1).
 *
 * @throws ARCHIVE_DAMAGED when it sets reserved bits or names a dictionary.
 */
export const readFrameHeader = (bytes: Uint8Array, byteOffset: number): FrameHeader => {
  const descriptor = bytes[4] as number;
  const { singleSegment, sizeBytes, dictionaryBytes } = flagsOf(descriptor);
  let at = FRAME_START_BYTES;
  let windowBytes = 0;
  if (!singleSegment) {
    const base = 2 ** (10 + ((bytes[at] as number) >> 3));
    windowBytes = base + (base / 8) * ((bytes[at++] as number) & 7);
  }
  let dictionary = 0;
  for (const end = at + dictionaryBytes; at < end; at++) dictionary |= bytes[at] as number;
  if (dictionary !== 0 || (descriptor & 0x08) !== 0) {
    throw new ArchiveError("ARCHIVE_DAMAGED", "the zstd frame header is not one that XMTP writes", { byteOffset });
  }
  let contentBytes: number | undefined;
  if (sizeBytes > 0) {
    contentBytes = sizeBytes === 2 ? 256 : 0;
    for (let i = 0; i < sizeBytes; i++) contentBytes += (bytes[at + i] as number) * 256 ** i;
    if (singleSegment) windowBytes = contentBytes;
  }
  return { windowBytes, contentBytes, hasChecksum: (descriptor & 0x04) !== 0 };
};
