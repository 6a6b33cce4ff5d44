import { decodeUtf8 } from "../protobuf/wireReader.ts";

/** Numbers texts from zero by their bytes: an archive has millions of senders' names, and few different ones. */
export class TextNumbers {
  readonly #texts: Uint8Array[] = [];
  readonly #byHash = new Map<number, number[]>();
  /** What comes next is often the same again. */
  #last = -1;
  /** Random, so that nobody can prepare texts that all share a hash. */
  readonly #seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;

  /** The number of a text, which is kept if it is new. */
  add(bytes: Uint8Array, start: number, end: number): number {
    if (this.#isAt(this.#last, bytes, start, end)) return this.#last;
    const hash = this.#hash(bytes, start, end);
    const numbers = this.#byHash.get(hash);
    for (const number of numbers ?? []) if (this.#isAt(number, bytes, start, end)) return (this.#last = number);
    this.#last = this.#texts.push(bytes.slice(start, end)) - 1;
    if (numbers === undefined) this.#byHash.set(hash, [this.#last]);
    else numbers.push(this.#last);
    return this.#last;
  }

  text(number: number): string {
    return decodeUtf8(this.#texts[number] as Uint8Array);
  }

  #hash(bytes: Uint8Array, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ (bytes[at] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash;
  }
  #isAt(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const text = this.#texts[number];
    if (text?.length !== end - start) return false;
    for (let at = 0; at < text.length; at++) if (text[at] !== bytes[start + at]) return false;
    return true;
  }
}
