/** Thrown when bytes are not the MLS structure they should be. */
export class MlsFormatError extends Error {
  override readonly name = "MlsFormatError";
}

/** Reads the integers and vectors of RFC 9420 one after the other. */
export type Reader = {
  /** An unsigned big-endian integer of 1 to 4 bytes. */
  uint(bytes: 1 | 2 | 4): number;
  /** Moves on without looking. */
  skip(bytes: number): void;
  /** A vector with the variable-length prefix of RFC 9420, section 2.1.2. */
  vector(): Uint8Array;
};

/**
 * Starts reading at the first byte.
 *
 * @throws {MlsFormatError} from each method, when the bytes end early or a length prefix is not valid.
 */
export function createReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = 0;

  /** Moves past `length` bytes and returns where they began. */
  function take(length: number): number {
    const start = offset;
    if (length > bytes.length - start) {
      throw new MlsFormatError(`${length} bytes expected at ${start}, only ${bytes.length - start} left`);
    }
    offset += length;
    return start;
  }

  function uint(length: 1 | 2 | 4): number {
    const start = take(length);
    if (length === 1) return view.getUint8(start);
    return length === 2 ? view.getUint16(start) : view.getUint32(start);
  }

  /** The first two bits say how many bytes the length takes: 1, 2 or 4. */
  function vectorLength(): number {
    const first = uint(1);
    const high = first & 0x3f;
    switch (first >> 6) {
      case 0:
        return high;
      case 1:
        return high * 0x100 + uint(1);
      case 2:
        return high * 0x1000000 + uint(1) * 0x10000 + uint(2);
      default:
        throw new MlsFormatError(`invalid vector length prefix at ${offset - 1}`);
    }
  }

  return {
    uint,
    skip: (length) => void take(length),
    vector() {
      const length = vectorLength();
      const start = take(length);
      return bytes.subarray(start, start + length);
    },
  };
}
