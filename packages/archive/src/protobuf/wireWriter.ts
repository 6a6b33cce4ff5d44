const utf8 = new TextEncoder();
const LEAST_BYTES = 128;
const none = new Uint8Array();

/** Builds one protobuf message. */
export class WireWriter {
  /** Made with the first byte, since most writers of unknown fields have none to write. */
  #bytes = none;
  #length = 0;

  #reserve(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(LEAST_BYTES, this.#length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }

  raw(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Writes a varint of 64 bits, given by its halves. */
  varint(low: number, high = 0): void {
    const start = this.#reserve(10);
    let at = start;
    while (high > 0 || low > 0x7f) {
      this.#bytes[at++] = (low & 0x7f) | 0x80;
      low = ((low >>> 7) | (high << 25)) >>> 0;
      high >>>= 7;
    }
    this.#bytes[at++] = low;
    this.#length = at;
  }

  int64(field: number, value: bigint): void {
    this.varint(field * 8);
    this.int64Value(value);
  }

  int64Value(value: bigint): void {
    this.varint(Number(BigInt.asUintN(32, value)), Number(BigInt.asUintN(32, value >> 32n)));
  }

  bytes(field: number, value: Uint8Array): void {
    this.varint(field * 8 + 2);
    this.varint(value.length);
    this.raw(value);
  }

  string(field: number, value: string): void {
    this.bytes(field, utf8.encode(value));
  }

  finish(): Uint8Array {
    return this.#length === 0 ? none : this.#bytes.slice(0, this.#length);
  }
}
