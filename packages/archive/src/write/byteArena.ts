/** Copies of many small arrays in few large ones, which are used again after {@link ByteArena.clear}. */
export class ByteArena {
  readonly #pageBytes: number;
  readonly #pages: Uint8Array[] = [];
  #page = 0;
  #length = 0;

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes;
  }

  copy(bytes: Uint8Array): Uint8Array {
    if (bytes.length > this.#pageBytes) return bytes.slice();
    if (this.#length + bytes.length > this.#pageBytes) {
      this.#page++;
      this.#length = 0;
    }
    const page = (this.#pages[this.#page] ??= new Uint8Array(this.#pageBytes));
    const copy = page.subarray(this.#length, this.#length + bytes.length);
    copy.set(bytes);
    this.#length += bytes.length;
    return copy;
  }

  /** Gives the memory free: copies made before must not be used any more. */
  clear(): void {
    this.#page = 0;
    this.#length = 0;
  }
}
