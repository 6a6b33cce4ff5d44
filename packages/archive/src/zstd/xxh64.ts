const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, bits: bigint): bigint => u64(value << bits) | (value >> (64n - bits));
const round = (lane: bigint, input: bigint): bigint => u64(rotate(u64(lane + input * P2), 31n) * P1);

/** XXH64 with seed 0, which zstd's content checksum is made of; archives by XMTP have none, so speed is not its point. */
export class Xxh64 {
  #lanes: bigint[] = [u64(P1 + P2), P2, 0n, u64(-P1)];
  #rest = new Uint8Array();
  #length = 0n;

  update(bytes: Uint8Array): void {
    this.#length += BigInt(bytes.length);
    const all = new Uint8Array(this.#rest.length + bytes.length);
    all.set(this.#rest);
    all.set(bytes, this.#rest.length);
    const view = new DataView(all.buffer);
    let at = 0;
    for (; at + 32 <= all.length; at += 32) {
      const base = at;
      this.#lanes = this.#lanes.map((lane, i) => round(lane, view.getBigUint64(base + i * 8, true)));
    }
    this.#rest = all.slice(at);
  }

  digest(): bigint {
    const [a, b, c, d] = this.#lanes as [bigint, bigint, bigint, bigint];
    let hash = P5;
    if (this.#length >= 32n) {
      hash = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
      for (const lane of this.#lanes) hash = u64((hash ^ round(0n, lane)) * P1 + P4);
    }
    hash = u64(hash + this.#length);
    const view = new DataView(this.#rest.buffer);
    let at = 0;
    for (; at + 8 <= this.#rest.length; at += 8) {
      hash = u64(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P1 + P4);
    }
    if (at + 4 <= this.#rest.length) {
      hash = u64(rotate(hash ^ u64(BigInt(view.getUint32(at, true)) * P1), 23n) * P2 + P3);
      at += 4;
    }
    for (; at < this.#rest.length; at++) {
      hash = u64(rotate(hash ^ u64(BigInt(this.#rest[at] as number) * P5), 11n) * P1);
    }
    hash = u64((hash ^ (hash >> 33n)) * P2);
    hash = u64((hash ^ (hash >> 29n)) * P3);
    return hash ^ (hash >> 32n);
  }
}
