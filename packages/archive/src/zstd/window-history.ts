/** Slack that is collected before the history is trimmed. */
const SLACK_BYTES = 131_072;

/** The last decoded bytes, as far back as a block may refer to. */
export class WindowHistory {
  readonly #windowBytes: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(windowBytes: number) {
    this.#windowBytes = windowBytes;
  }

  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#length += bytes.length;
    // Trimmed seldom, so that copying costs little.
    if (this.#length > this.#windowBytes * 2 + SLACK_BYTES) {
      const kept = this.take();
      this.#pieces = [kept];
      this.#length = kept.length;
    }
  }

  /** Gives the history away, in one piece. */
  take(): Uint8Array {
    const kept = new Uint8Array(Math.min(this.#length, this.#windowBytes));
    let at = kept.length;
    while (at > 0) {
      const bytes = this.#pieces.pop() as Uint8Array;
      const part = bytes.subarray(Math.max(0, bytes.length - at));
      at -= part.length;
      kept.set(part, at);
    }
    this.#pieces = [];
    this.#length = 0;
    return kept;
  }
}
