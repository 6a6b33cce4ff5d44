import { release } from "../util/release.ts";

type NumberArray = Uint32Array | Float64Array;

/** A list of numbers in one typed array, which doubles when it is full. */
export class Numbers {
  #values: NumberArray;
  readonly #make: (length: number) => NumberArray;

  constructor(make: (length: number) => NumberArray) {
    this.#make = make;
    this.#values = make(256);
  }

  get(index: number): number {
    return this.#values[index] as number;
  }

  set(index: number, value: number): void {
    if (index >= this.#values.length) {
      const larger = this.#make(Math.max(index + 1, this.#values.length * 2));
      larger.set(this.#values);
      release(this.#values);
      this.#values = larger;
    }
    this.#values[index] = value;
  }

  /** Gives the memory back; there are no numbers afterwards. */
  release(): void {
    release(this.#values);
    this.#values = this.#make(0);
  }
}
