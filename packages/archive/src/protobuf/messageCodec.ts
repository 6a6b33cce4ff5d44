import { ArchiveError } from "../model/archiveError.ts";
import { fromHex, toHex } from "./hex.ts";
import { decodeUtf8, WireError, WireReader } from "./wireReader.ts";
import { WireWriter } from "./wireWriter.ts";

/** Names of an enum's values, from zero. */
export type EnumNames = readonly string[];

export type FieldType =
  | "int64"
  | "int32"
  | "bool"
  | "string"
  | "bytes"
  | "hex"
  | "map"
  | "strings"
  | { readonly names: EnumNames; readonly repeated?: true }
  | { readonly message: MessageSpec; readonly repeated?: true };

/** Number, type, and whether the field may be absent (instead of having a default). */
export type FieldSpec = readonly [number: number, type: FieldType, optional?: "optional"];

/** The fields of one protobuf message by the name of their property. */
export type MessageSpec = { readonly [property: string]: FieldSpec };

type Values = Record<string, unknown>;

const isVarint = (type: FieldType): boolean =>
  type === "int64" || type === "int32" || type === "bool" || (typeof type === "object" && "names" in type);

const named = (names: EnumNames, value: number): string | number => names[value] ?? value;

const defaultOf = (type: FieldType): unknown => {
  if (type === "int64") return 0n;
  if (type === "int32") return 0;
  if (type === "bool") return false;
  if (type === "bytes") return new Uint8Array();
  // Without a prototype, so that no key means anything else.
  if (type === "map") return Object.create(null);
  if (type === "strings" || (typeof type === "object" && type.repeated)) return [];
  return typeof type === "object" && "names" in type ? named(type.names, 0) : "";
};

/** A `map<string, string>` entry: key and value, both with the empty string as default. */
const entry: MessageSpec = { key: [1, "string"], value: [2, "string"] };

const append = (list: unknown, value: unknown): unknown => {
  (list as unknown[]).push(value);
  return list;
};

/**
 * The unknown fields of messages that are still being decoded. A message may come in any number of parts, and each part adds to them:
 * they are joined once, when the last part is known.
 */
export type UnknownFieldWriters = Map<Values, WireWriter>;

/** Gives the decoded messages their unknown fields. */
export const finishUnknownFields = (unknown: UnknownFieldWriters): void => {
  for (const [values, writer] of unknown) values["unknownFields"] = writer.finish();
};

const readValue = (reader: WireReader, type: FieldType, before: unknown, unknown: UnknownFieldWriters): unknown => {
  if (isVarint(type)) {
    reader.varint();
    if (type === "int64") return reader.int64();
    if (type === "bool") return reader.lo !== 0 || reader.hi !== 0;
    const value = reader.lo | 0;
    if (type === "int32") return value;
    const { names, repeated } = type as { names: EnumNames; repeated?: true };
    return repeated ? append(before, named(names, value)) : named(names, value);
  }
  const start = reader.span();
  if (typeof type === "object" && "message" in type) {
    if (type.repeated) return append(before, decodeMessage(type.message, reader.bytes, start, reader.position));
    return decodeMessage(type.message, reader.bytes, start, reader.position, { into: before as Values | undefined, unknown });
  }
  if (type === "map") {
    const { key, value } = decodeMessage(entry, reader.bytes, start, reader.position) as { key: string; value: string };
    (before as Record<string, string>)[key] = value;
    return before;
  }
  const bytes = reader.bytes.subarray(start, reader.position);
  if (type === "bytes") return bytes.slice();
  if (type === "hex") return toHex(bytes);
  const text = decodeUtf8(bytes);
  return type === "strings" ? append(before, text) : text;
};

const fieldsBySpec = new WeakMap<MessageSpec, Map<number, [property: string, type: FieldType]>>();

const fieldsOf = (spec: MessageSpec): Map<number, [property: string, type: FieldType]> => {
  let fields = fieldsBySpec.get(spec);
  if (fields === undefined) {
    fields = new Map(Object.entries(spec).map(([property, [number, type]]) => [number, [property, type]]));
    fieldsBySpec.set(spec, fields);
  }
  return fields;
};

/**
 * Decodes a message as protobuf demands: the last value wins, nested messages merge, unknown fields are kept. Its work grows with the
 * bytes, in however many parts a nested message comes.
 *
 * `part` is for a message of which these bytes may be one part of several: what the parts before gave, and where unknown fields wait
 * until the caller finishes them.
 */
export const decodeMessage = (
  spec: MessageSpec,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  part?: { into: Values | undefined; unknown: UnknownFieldWriters },
): Values => {
  const into = part?.into;
  const values: Values = into ?? {};
  if (into === undefined) {
    for (const property in spec) {
      const [, type, optional] = spec[property] as FieldSpec;
      if (optional === undefined) values[property] = defaultOf(type);
    }
  }
  const fields = fieldsOf(spec);
  const unknown: UnknownFieldWriters = part?.unknown ?? new Map<Values, WireWriter>();
  let kept = unknown.get(values);
  const reader = new WireReader(bytes, start, end);
  while (reader.position < end) {
    const fieldStart = reader.position;
    const tag = reader.tag();
    const field = fields.get(tag >>> 3);
    if (field === undefined) {
      reader.skip(tag);
      if (kept === undefined) unknown.set(values, (kept = new WireWriter()));
      kept.raw(bytes.subarray(fieldStart, reader.position));
      continue;
    }
    const [property, type] = field;
    const packed = (tag & 7) === 2 && typeof type === "object" && "names" in type && type.repeated;
    if (!packed && (tag & 7) !== (isVarint(type) ? 0 : 2)) throw new WireError("wire type");
    if (packed) {
      const inner = new WireReader(bytes, reader.span(), reader.position);
      while (inner.position < inner.end) values[property] = readValue(inner, type, values[property], unknown);
    } else {
      values[property] = readValue(reader, type, values[property], unknown);
    }
  }
  if (part === undefined) finishUnknownFields(unknown);
  return values;
};

const invalid = (property: string): never => {
  throw new ArchiveError("ARCHIVE_INVALID_RECORD", `the field ${property} has a value that can't be written`);
};

const numberOf = (names: EnumNames, value: unknown, property: string): number => {
  const number = typeof value === "number" ? value : names.indexOf(value as string);
  return number === -1 && typeof value === "string" ? invalid(property) : number;
};

const writeValue = (writer: WireWriter, property: string, [number, type, optional]: FieldSpec, value: unknown): void => {
  if (type === "int64" || type === "int32") {
    const integer = BigInt(value as bigint | number);
    if (integer !== 0n || optional) writer.int64(number, integer);
  } else if (type === "bool") {
    if (value === true || optional) writer.int64(number, value === true ? 1n : 0n);
  } else if (type === "map") {
    for (const [key, text] of Object.entries(value as Record<string, string>)) {
      writer.bytes(number, encodeMessage(entry, { key, value: text }));
    }
  } else if (type === "strings") {
    for (const text of value as readonly string[]) writer.string(number, text);
  } else if (typeof type === "object") {
    if ("message" in type) {
      const messages = type.repeated ? (value as readonly Values[]) : [value as Values];
      for (const message of messages) writer.bytes(number, encodeMessage(type.message, message));
    } else if (type.repeated) {
      const packed = new WireWriter();
      for (const one of value as readonly unknown[]) packed.int64Value(BigInt(numberOf(type.names, one, property)));
      const bytes = packed.finish();
      if (bytes.length > 0) writer.bytes(number, bytes);
    } else {
      const integer = numberOf(type.names, value, property);
      if (integer !== 0 || optional) writer.int64(number, BigInt(integer));
    }
  } else if (type === "string") {
    if (value !== "" || optional) writer.string(number, value as string);
  } else {
    const bytes = type === "hex" ? (fromHex(value as string) ?? invalid(property)) : (value as Uint8Array);
    if (bytes.length > 0 || optional) writer.bytes(number, bytes);
  }
};

/** Encodes a message: known fields in the order of their spec, then the unknown ones as they stood. */
export const encodeMessage = (spec: MessageSpec, values: Values): Uint8Array => {
  const writer = new WireWriter();
  for (const [property, field] of Object.entries(spec)) {
    const value = values[property];
    if (value !== undefined) writeValue(writer, property, field, value);
  }
  const rest = values["unknownFields"];
  if (rest instanceof Uint8Array) writer.raw(rest);
  return writer.finish();
};

/** Whether a decoded message, or one within it, has fields that this package does not know. */
export const holdsUnknownFields = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return false;
  return Object.entries(value).some(([property, inner]) => property === "unknownFields" || holdsUnknownFields(inner));
};
