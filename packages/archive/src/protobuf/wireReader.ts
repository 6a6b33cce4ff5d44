/** Thrown for bytes that a protobuf decoder must refuse; callers turn it into an unreadable record. */
export class WireError extends Error {}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Walks the fields of one protobuf message; `lo` and `hi` are the halves of the last varint. */
export class WireReader {
  lo = 0;
  hi = 0;
  position: number;
  readonly end: number;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Reads a varint of up to 64 bits into `lo` and `hi`, and returns `lo`, unsigned. */
  varint(): number {
    const { bytes, end } = this;
    let at = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) break;
      const byte = bytes[at++] as number;
      const value = byte & 0x7f;
      if (shift < 28) low |= value << shift;
      else if (shift === 28) {
        low |= value << 28;
        high = value >>> 4;
      } else high |= value << (shift - 32);
      if (byte < 0x80) {
        if (shift === 63 && byte > 1) break;
        this.position = at;
        this.hi = high >>> 0;
        return (this.lo = low >>> 0);
      }
    }
    throw new WireError("varint");
  }

  /** Reads a field's tag: number times eight plus wire type. */
  tag(): number {
    const tag = this.varint();
    if (this.hi !== 0 || tag < 8) throw new WireError("tag");
    return tag;
  }

  /** The last varint as a signed 64-bit number. */
  int64(): bigint {
    return BigInt.asIntN(64, (BigInt(this.hi) << 32n) | BigInt(this.lo));
  }

  /** Reads a length and skips the bytes; the result is their start. */
  span(): number {
    const length = this.varint();
    const start = this.position;
    if (this.hi !== 0 || length > this.end - start) throw new WireError("length");
    this.position = start + length;
    return start;
  }

  /** Skips the value of a field. */
  skip(tag: number, depth = 0): void {
    const type = tag & 7;
    if (type === 0) this.varint();
    else if (type === 2) this.span();
    else if (type === 1 || type === 5) {
      this.position += type === 1 ? 8 : 4;
      if (this.position > this.end) throw new WireError("fixed");
    } else if (type === 3 && depth < 100) {
      for (;;) {
        const inner = this.tag();
        if ((inner & 7) === 4) {
          if (inner >>> 3 !== tag >>> 3) throw new WireError("group");
          return;
        }
        this.skip(inner, depth + 1);
      }
    } else throw new WireError("wire type");
  }
}

/** Decodes UTF-8 as strictly as protobuf does. */
export const decodeUtf8 = (bytes: Uint8Array): string => {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new WireError("utf-8");
  }
};

/** Whether the bytes are UTF-8; ASCII is settled without a decoder. */
export const isUtf8 = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) {
    if ((bytes[at] as number) < 0x80) continue;
    try {
      utf8.decode(bytes.subarray(at, end));
      return true;
    } catch {
      return false;
    }
  }
  return true;
};
