import { ArchiveError } from "../model/archiveError.ts";
import { DecoderWindow } from "./decoderWindow.ts";
import { FRAME_START_BYTES, type FrameHeader, frameHeaderBytes, hasMagic, readFrameHeader } from "./frameHeader.ts";
import type * as rareModule from "./rare.ts";

/** Decoded bytes and where in the file they stand (for a compressed block: where it begins). */
export type DecodedPiece = { bytes: Uint8Array; byteOffset: number; stored: boolean };

type Rare = typeof rareModule;
type Stage = "start" | "header" | "block" | "stored" | "run" | "compressed" | "checksum" | "done";

const BLOCK_MAX_BYTES = 131_072;
/** What RFC 8878 asks every decoder to support; a larger window could be used to exhaust memory. */
const WINDOW_MAX_BYTES = 8 * 1024 * 1024;

/** The error for an archive without its end. */
export const truncated = (byteOffset: number): ArchiveError =>
  new ArchiveError("ARCHIVE_TRUNCATED", "the archive ends too early", { byteOffset });

/** Decodes exactly one zstd frame, part by part, and knows the file offset of all it gives out. */
export class FrameDecoder {
  /** What compressed blocks and checksums need; set it when {@link FrameDecoder.push} asks. */
  rare: Rare | undefined;
  #stage: Stage = "start";
  #collected = new Uint8Array(FRAME_START_BYTES);
  #collectedBytes = 0;
  #header: FrameHeader = { windowBytes: 0, contentBytes: undefined, hasChecksum: false };
  #window: DecoderWindow | undefined;
  #blocks: InstanceType<Rare["BlockDecoder"]> | undefined;
  #checksum: InstanceType<Rare["Xxh64"]> | undefined;
  #isLastBlock = false;
  #blockBytes = 0;
  #blockOffset: number;
  #decodedBytes = 0;
  #byteOffset: number;

  /** `byteOffset` is where the frame begins in the file. */
  constructor(byteOffset: number) {
    this.#blockOffset = this.#byteOffset = byteOffset;
  }

  /**
   * Decodes the next part of the file; pieces share its memory, which is not used later. Yields undefined when `rare` must be set.
   *
   * @throws ARCHIVE_NOT_AN_ARCHIVE when there is no zstd frame.
   * @throws ARCHIVE_DAMAGED when the frame is broken, or when bytes follow it.
   */
  *push(chunk: Uint8Array): Generator<DecodedPiece | undefined, void, void> {
    for (let at = 0; at < chunk.length; ) {
      const byteOffset = this.#byteOffset;
      if (this.#stage === "done") throw this.#damaged("bytes follow the end of the archive", byteOffset);
      const part = chunk.subarray(at, at + this.#wanted());
      at += part.length;
      this.#byteOffset += part.length;
      if (this.#stage === "stored") {
        this.#blockBytes -= part.length;
        yield this.#piece(part, byteOffset, true);
        if (this.#blockBytes === 0) this.#endBlock();
        continue;
      }
      this.#collected.set(part, this.#collectedBytes);
      this.#collectedBytes += part.length;
      if (this.#wanted() > 0) continue;
      const piece = this.#advance();
      if (this.#needsRare() && this.rare === undefined) yield undefined;
      if (piece !== undefined && piece.bytes.length > 0) yield piece;
    }
  }

  /** @throws ARCHIVE_TRUNCATED when the frame has not ended. */
  end(): void {
    if (this.#stage !== "done") throw truncated(this.#byteOffset);
  }

  #wanted(): number {
    return this.#stage === "stored" ? this.#blockBytes : this.#collected.length - this.#collectedBytes;
  }

  #needsRare(): boolean {
    return this.#header.hasChecksum || this.#stage === "compressed";
  }

  #collect(stage: Stage, bytes: number, already: Uint8Array = new Uint8Array()): void {
    this.#stage = stage;
    this.#collected = new Uint8Array(bytes);
    this.#collected.set(already);
    this.#collectedBytes = already.length;
  }

  /** Acts on all that the stage wanted. */
  #advance(): DecodedPiece | undefined {
    const bytes = this.#collected;
    switch (this.#stage) {
      case "start": {
        const byteOffset = this.#blockOffset;
        if (!hasMagic(bytes)) throw new ArchiveError("ARCHIVE_NOT_AN_ARCHIVE", "the file is not an XMTP archive", { byteOffset });
        this.#collect("header", frameHeaderBytes(bytes), bytes);
        return this.#wanted() > 0 ? undefined : this.#advance();
      }
      case "header":
        this.#header = readFrameHeader(bytes, this.#blockOffset);
        if (this.#header.windowBytes <= WINDOW_MAX_BYTES) {
          this.#window = new DecoderWindow(this.#header.windowBytes, BLOCK_MAX_BYTES);
        }
        this.#startBlock();
        return undefined;
      case "block":
        this.#readBlockHeader(bytes);
        return undefined;
      case "checksum":
        this.#check(bytes);
        return undefined;
      default: {
        const isRun = this.#stage === "run";
        const decoded = isRun ? new Uint8Array(this.#blockBytes).fill(bytes[0] as number) : this.#decompress(bytes);
        const piece = this.#piece(decoded, this.#blockOffset, false);
        this.#endBlock();
        return piece;
      }
    }
  }

  #startBlock(): void {
    this.#blockOffset = this.#byteOffset;
    this.#collect("block", 3);
  }

  #readBlockHeader(bytes: Uint8Array): void {
    const header = (bytes[0] as number) | ((bytes[1] as number) << 8) | ((bytes[2] as number) << 16);
    const type = (header >> 1) & 3;
    this.#isLastBlock = (header & 1) === 1;
    this.#blockBytes = header >> 3;
    if (type === 3 || this.#blockBytes > BLOCK_MAX_BYTES) {
      throw this.#damaged("a zstd block has an impossible header", this.#blockOffset);
    }
    if (type === 1) this.#collect("run", 1);
    else if (this.#blockBytes === 0) this.#endBlock();
    else this.#collect(type === 0 ? "stored" : "compressed", type === 0 ? 0 : this.#blockBytes);
  }

  #decompress(content: Uint8Array): Uint8Array {
    const window = this.#window;
    if (window === undefined) {
      throw this.#damaged(`the zstd window is over the limit of ${WINDOW_MAX_BYTES} bytes`, this.#blockOffset);
    }
    try {
      this.#blocks ??= new (this.rare as Rare).BlockDecoder();
      window.makeRoom();
      const end = this.#blocks.decode(content, window.buffer, window.length, BLOCK_MAX_BYTES);
      return window.buffer.slice(window.length, end);
    } catch (cause) {
      throw this.#damaged("a zstd block can't be decoded", this.#blockOffset, cause);
    }
  }

  #piece(bytes: Uint8Array, byteOffset: number, stored: boolean): DecodedPiece {
    this.#decodedBytes += bytes.length;
    const { contentBytes } = this.#header;
    if (contentBytes !== undefined && this.#decodedBytes > contentBytes)
      throw this.#damaged("the zstd frame does not hold as much as it says", byteOffset);
    if (this.#header.hasChecksum) (this.#checksum ??= new (this.rare as Rare).Xxh64()).update(bytes);
    this.#window?.push(bytes);
    return { bytes, byteOffset, stored };
  }

  #endBlock(): void {
    if (!this.#isLastBlock) return this.#startBlock();
    const { contentBytes, hasChecksum } = this.#header;
    if (contentBytes !== undefined && contentBytes !== this.#decodedBytes) {
      throw this.#damaged("the zstd frame does not hold as much as it says", this.#byteOffset);
    }
    if (hasChecksum) this.#collect("checksum", 4);
    else this.#stage = "done";
  }

  #check(bytes: Uint8Array): void {
    const digest = (this.#checksum ?? new (this.rare as Rare).Xxh64()).digest();
    if (Number(BigInt.asUintN(32, digest)) !== new DataView(bytes.buffer).getUint32(0, true)) {
      throw this.#damaged("the checksum of the zstd frame does not match", this.#byteOffset - bytes.length);
    }
    this.#stage = "done";
  }

  #damaged(message: string, byteOffset: number, cause?: unknown): ArchiveError {
    return new ArchiveError("ARCHIVE_DAMAGED", message, { byteOffset, cause });
  }
}
