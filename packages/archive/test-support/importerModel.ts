import type { FrameLayout } from "./frameLayout.ts";

/** How the reader below the importer behaves. */
export type ModelOptions = {
  /**
   * How many times in a row the refill of that number is asked for in vain; it is ready at the latest when the importer
   * has given way. So 0 is a refill that is ready at once, and Infinity the worst that can happen.
   */
  waits: (refill: number) => number;
  /** Bytes of a refill. @default 8192 */
  refillBytes?: number;
  /** Bytes of the first refill, to shift all others. @default refillBytes */
  firstRefillBytes?: number;
  /**
   * Whether a read gives out what the decoder still holds before it asks for more of the file, as decoders of today do;
   * older ones ask first.
   *
   * @default true
   */
  drainsFirst?: boolean;
};

/** `imported`: all records; `lost`: the importer forgot a record's length, after which it hangs or fails. */
export type ModelResult = { outcome: "imported" | "lost"; records: number };

const READ_BYTES = 1024;
const WAITING = -1;

/** The file below: a buffer that is refilled when it is empty, and a refill that may have to be waited for. */
class Source {
  buffered = 0;
  #left: number;
  #refill = 0;
  #asked = 0;
  readonly #options: ModelOptions;

  constructor(size: number, options: ModelOptions) {
    this.#left = size;
    this.#options = options;
  }

  /** What is buffered, after a refill if there was nothing; 0 at the end of the file. */
  fill(): number {
    if (this.buffered > 0) return this.buffered;
    if (this.#asked < this.#options.waits(this.#refill)) {
      this.#asked++;
      return WAITING;
    }
    this.#asked = 0;
    const { refillBytes = 8192, firstRefillBytes = refillBytes } = this.#options;
    this.buffered = Math.min(this.#left, this.#refill === 0 ? firstRefillBytes : refillBytes);
    this.#refill++;
    this.#left -= this.buffered;
    return this.buffered;
  }

  /** The importer gives way: what it waits for comes. */
  giveWay(): void {
    this.#asked = Infinity;
  }
}

/** A streaming zstd decoder, by counts: it takes what it can of a stored block, and a compressed one only whole. */
class Decoder {
  #held = 0;
  #block = -1;
  #isAtEnd = false;
  #headerLeft: number;
  #contentLeft = 0;
  readonly #layout: FrameLayout;

  constructor(layout: FrameLayout) {
    this.#layout = layout;
    this.#headerLeft = layout.headBytes - 14;
  }

  get isFinished(): boolean {
    return this.#isAtEnd && this.#held === 0;
  }

  /** Decodes up to `wanted` bytes, given so much input; returns what it gave and took. */
  decode(input: number, wanted: number): { given: number; taken: number } {
    let given = 0;
    let taken = 0;
    for (;;) {
      const flushed = Math.min(this.#held, wanted - given);
      given += flushed;
      this.#held -= flushed;
      if (given === wanted || this.#isAtEnd) return { given, taken };
      if (taken === input) return { given, taken };
      taken += this.#take(input - taken);
    }
  }

  #take(available: number): number {
    if (this.#headerLeft > 0) {
      const part = Math.min(available, this.#headerLeft);
      this.#headerLeft -= part;
      if (this.#headerLeft === 0) this.#enter();
      return part;
    }
    const block = this.#layout.blocks[this.#block];
    if (block === undefined) throw new Error("the model read past the frame");
    const part = Math.min(available, this.#contentLeft);
    this.#contentLeft -= part;
    if (block.type === "stored") this.#held += part;
    else if (this.#contentLeft === 0) this.#held += block.decodedBytes;
    if (this.#contentLeft === 0) this.#next();
    return part;
  }

  /** After a header: the frame's, a block's, or what stands for the checksum. */
  #enter(): void {
    if (this.#block < 0) return this.#next();
    const block = this.#layout.blocks[this.#block];
    if (block === undefined) this.#isAtEnd = true;
    else {
      this.#contentLeft = block.contentBytes;
      if (this.#contentLeft === 0) this.#next();
    }
  }

  #next(): void {
    this.#block++;
    const isPast = this.#block >= this.#layout.blocks.length;
    this.#headerLeft = isPast ? this.#layout.checksumBytes : 3;
    if (isPast && this.#headerLeft === 0) this.#isAtEnd = true;
  }
}

/**
 * A model of the SDKs' importer: for each record it reads once, up to 1,024 decoded bytes, takes the record's length if
 * it holds four bytes, and reads on until it holds the record. If a read has to wait meanwhile, the length is lost.
 */
export const runImporter = (archive: Uint8Array, layout: FrameLayout, options: ModelOptions): ModelResult => {
  const source = new Source(archive.length, options);
  const decoder = new Decoder(layout);
  const lengths = new DataView(layout.decoded.buffer, layout.decoded.byteOffset, layout.decoded.length);
  let position = 0;
  let held = 0;
  let records = 0;
  let isDone = false;

  const read = (): number => {
    if (isDone) return 0;
    let given = 0;
    if (options.drainsFirst ?? true) given = decoder.decode(0, READ_BYTES).given;
    isDone = decoder.isFinished;
    while (given < READ_BYTES && !isDone) {
      const available = source.fill();
      if (available === WAITING) return given > 0 ? given : WAITING;
      const step = decoder.decode(available, READ_BYTES - given);
      source.buffered -= step.taken;
      given += step.given;
      isDone = decoder.isFinished;
      if (available === 0 && step.given === 0 && !isDone) throw new Error("the model read past the file");
    }
    return given;
  };

  // The header is read whole, however long that takes.
  if (source.fill() === WAITING) source.giveWay();
  source.fill();
  source.buffered -= 14;
  for (;;) {
    let length = 0;
    for (;;) {
      const amount = read();
      if (amount === WAITING) {
        if (length > 0) return { outcome: "lost", records };
        source.giveWay();
        continue;
      }
      held += amount;
      if (length === 0 && held >= 4) {
        length = lengths.getUint32(position, true);
        held -= 4;
      }
      if (length > 0 && held >= length) {
        held -= length;
        position += 4 + length;
        records++;
        break;
      }
      if (amount === 0 && held === 0) return { outcome: "imported", records };
      if (amount === 0) throw new Error("the model ended within a record");
    }
  }
};
