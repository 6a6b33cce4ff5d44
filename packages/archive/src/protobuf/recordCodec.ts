import { ArchiveError } from "../model/archiveError.ts";
import type { ArchiveRecord } from "../model/archiveRecord.ts";
import { decodeMessage, encodeMessage, finishUnknownFields, type MessageSpec, type UnknownFieldWriters } from "./messageCodec.ts";
import { consentSpec, eventSpec, groupSpec, messageSpec, metadataSpec } from "./specs.ts";
import { WireError, WireReader } from "./wireReader.ts";
import { WireWriter } from "./wireWriter.ts";

/** The element's kind by its field number in a record. */
const kinds = [undefined, "metadata", "group", "message", "consent", "event"] as const;
const specs = [undefined, metadataSpec, groupSpec, messageSpec, consentSpec, eventSpec] as const;

const decodeElement = (bytes: Uint8Array): ArchiveRecord => {
  const reader = new WireReader(bytes);
  const unknown = new WireWriter();
  let inner: UnknownFieldWriters = new Map();
  let field = 0;
  let value: unknown;
  while (reader.position < bytes.length) {
    const start = reader.position;
    const tag = reader.tag();
    const number = tag >>> 3;
    const kind = kinds[number];
    if (kind === undefined) {
      reader.skip(tag);
      unknown.raw(bytes.subarray(start, reader.position));
      continue;
    }
    if ((tag & 7) !== 2) throw new WireError("wire type");
    const from = reader.span();
    const into = kind !== "event" && number === field ? (value as Record<string, unknown>) : undefined;
    if (into === undefined) inner = new Map();
    value = decodeMessage(specs[number] as MessageSpec, bytes, from, reader.position, { into, unknown: inner });
    if (kind === "event") value = bytes.slice(from, reader.position);
    field = number;
  }
  finishUnknownFields(inner);
  const rest = unknown.finish();
  const kind = kinds[field];
  return {
    ...(kind === undefined ? { kind: "none" } : { kind, [kind]: value }),
    ...(rest.length > 0 ? { unknownFields: rest } : {}),
  } as ArchiveRecord;
};

/** Decodes one record's plaintext; what protobuf would refuse becomes an `unreadable` record. */
export const decodeRecord = (bytes: Uint8Array): ArchiveRecord => {
  try {
    return decodeElement(bytes);
  } catch (error) {
    if (error instanceof WireError) return { kind: "unreadable", bytes: bytes.slice() };
    throw error;
  }
};

const elementBytes = (record: ArchiveRecord): Uint8Array | undefined => {
  switch (record.kind) {
    case "metadata":
      return encodeMessage(metadataSpec, record.metadata);
    case "group":
      return encodeMessage(groupSpec, record.group);
    case "message":
      return encodeMessage(messageSpec, record.message);
    case "consent":
      return encodeMessage(consentSpec, record.consent);
    case "event":
      return record.event;
    default:
      return undefined;
  }
};

/**
 * Encodes one record to its plaintext.
 *
 * @throws ARCHIVE_INVALID_RECORD when a field's value is not one that the format can hold.
 */
export const encodeRecord = (record: ArchiveRecord): Uint8Array => {
  if (record.kind === "unreadable") return record.bytes;
  const writer = new WireWriter();
  try {
    const element = elementBytes(record);
    const field = kinds.indexOf(record.kind as (typeof kinds)[number]);
    if (element !== undefined) writer.bytes(field, element);
    else if (record.kind !== "none") throw new TypeError("unknown kind");
    if (record.unknownFields !== undefined) writer.raw(record.unknownFields);
  } catch (cause) {
    if (ArchiveError.is(cause)) throw cause;
    throw new ArchiveError("ARCHIVE_INVALID_RECORD", `a record of kind ${record.kind} can't be written`, { cause });
  }
  return writer.finish();
};
