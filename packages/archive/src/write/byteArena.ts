/**
 * Copies of many small arrays in few large ones, which are used again after {@link ByteArena.clear}. It keeps no view of a copy: thousands of
 * them, each alive for a while, would make the garbage collector's young space grow.
 */
export class ByteArena {
  readonly #pageBytes: number;
  readonly #pages: Uint8Array[] = [];
  /** Copies that are larger than a page. */
  #large: Uint8Array[] = [];
  #lengths: number[] = [];
  #page = 0;
  #end = 0;

  constructor(pageBytes: number) {
    this.#pageBytes = pageBytes;
  }

  /** How many copies it holds. */
  get count(): number {
    return this.#lengths.length;
  }

  add(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#lengths.push(length);
    if (length > this.#pageBytes) {
      this.#large.push(bytes.slice());
      return;
    }
    if (this.#end + length > this.#pageBytes) {
      this.#page++;
      this.#end = 0;
    }
    const page = (this.#pages[this.#page] ??= new Uint8Array(this.#pageBytes));
    page.set(bytes, this.#end);
    this.#end += length;
  }

  /** The copies in the order in which they were added. */
  *copies(): Generator<Uint8Array, void, void> {
    let [page, end, large] = [0, 0, 0];
    for (const length of this.#lengths) {
      if (length > this.#pageBytes) {
        yield this.#large[large++] as Uint8Array;
        continue;
      }
      if (end + length > this.#pageBytes) {
        page++;
        end = 0;
      }
      yield (this.#pages[page] as Uint8Array).subarray(end, end + length);
      end += length;
    }
  }

  /** Gives the memory free: copies made before must not be used any more. */
  clear(): void {
    this.#large = [];
    this.#lengths = [];
    this.#page = 0;
    this.#end = 0;
  }
}
