import { encodeRecord, decodeRecord } from "./recordCodec.ts";
import { isUtf8, WireError, WireReader } from "./wireReader.ts";

/** Field numbers of a record's element. */
export const ELEMENT = { metadata: 1, group: 2, message: 3, consent: 4, event: 5 } as const;

/** Wire types of a message's fields by number; -1 where there is none. */
const wireTypes = Int8Array.from([-1, 2, 2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 2, 2, 0, 0, 2, 0, 0]);
/** The message's fields that hold text. */
const isText = (field: number): boolean => field === 7 || field === 12 || field === 16;

/**
 * Looks at a record without decoding it: enough to count, place and copy a message.
 * One scan is reused for many records, since there may be millions.
 */
export class RecordScan {
  bytes: Uint8Array = new Uint8Array();
  /** The element's field number; 0 for a record without one, -1 for one that protobuf refuses. */
  element = 0;
  /** An element that this package does not know, by its field number; 0 if there is none. */
  unknownElement = 0;
  hasUnknownFields = false;
  idStart = 0;
  idEnd = 0;
  groupStart = 0;
  groupEnd = 0;
  sentHigh = 0;
  sentLow = 0;
  messageKind = 0;
  deliveryStatus = 0;
  contentStart = 0;
  contentEnd = 0;
  senderStart = 0;
  senderEnd = 0;
  typeStart = 0;
  typeEnd = 0;
  /** When the record says that the message expires, in nanoseconds, exact to a microsecond; counts if `hasExpiry`. */
  expiresNs = 0;
  hasExpiry = false;
  isExpiryKnown = false;

  /** When the message was sent, in nanoseconds since 1970. */
  sentAtNs(): bigint {
    return (BigInt(this.sentHigh | 0) << 32n) | BigInt(this.sentLow);
  }

  /** Scans one record's plaintext; `bytes` is replaced where a record holds more than one element. */
  scan(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.element = this.unknownElement = 0;
    this.hasUnknownFields = false;
    try {
      this.#scanRecord(bytes);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.element = -1;
    }
  }

  #scanRecord(bytes: Uint8Array): void {
    const reader = new WireReader(bytes);
    while (reader.position < bytes.length) {
      const tag = reader.tag();
      const field = tag >>> 3;
      if (field > ELEMENT.event) {
        reader.skip(tag);
        this.unknownElement = field;
        this.hasUnknownFields = true;
        continue;
      }
      if ((tag & 7) !== 2) throw new WireError("wire type");
      if (this.element !== 0) return this.#scanMerged(bytes);
      this.element = field;
      const start = reader.span();
      if (field === ELEMENT.message) this.#scanMessage(bytes, start, reader.position);
    }
    if (this.element !== 0) this.unknownElement = 0;
  }

  /** The last of several elements counts, and equal ones merge: rare enough to be decoded. */
  #scanMerged(bytes: Uint8Array): void {
    const record = decodeRecord(bytes);
    if (record.kind === "unreadable") throw new WireError("merged");
    this.scan(encodeRecord(record));
  }

  #scanMessage(bytes: Uint8Array, start: number, end: number): void {
    this.idStart = this.idEnd = this.groupStart = this.groupEnd = start;
    this.contentStart = this.contentEnd = this.senderStart = this.senderEnd = this.typeStart = this.typeEnd = start;
    this.sentHigh = this.sentLow = this.messageKind = this.deliveryStatus = this.expiresNs = 0;
    this.hasExpiry = this.isExpiryKnown = false;
    const reader = new WireReader(bytes, start, end);
    while (reader.position < end) {
      const tag = reader.tag();
      const field = tag >>> 3;
      const type = field < wireTypes.length ? (wireTypes[field] as number) : -1;
      if (type < 0) {
        reader.skip(tag);
        this.hasUnknownFields = true;
        continue;
      }
      if ((tag & 7) !== type) throw new WireError("wire type");
      if (type === 2) {
        const from = reader.span();
        if (field === 1) {
          this.idStart = from;
          this.idEnd = reader.position;
        } else if (field === 2) {
          this.groupStart = from;
          this.groupEnd = reader.position;
        } else if (field === 3) {
          this.contentStart = from;
          this.contentEnd = reader.position;
        } else if (isText(field)) this.#scanText(field, bytes, from, reader.position);
        continue;
      }
      const value = reader.varint();
      if (field === 4) {
        this.sentLow = value;
        this.sentHigh = reader.hi;
      } else if (field === 5) this.messageKind = value;
      else if (field === 8) this.deliveryStatus = value;
      else if (field === 17) {
        this.hasExpiry = true;
        this.expiresNs = (reader.hi | 0) * 2 ** 32 + value;
      } else if (field === 18) this.isExpiryKnown = value !== 0 || reader.hi !== 0;
    }
  }

  #scanText(field: number, bytes: Uint8Array, start: number, end: number): void {
    if (!isUtf8(bytes, start, end)) throw new WireError("utf-8");
    if (field === 7) {
      this.senderStart = start;
      this.senderEnd = end;
    } else if (field === 16) {
      this.typeStart = start;
      this.typeEnd = end;
    }
  }
}
